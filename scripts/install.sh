#!/usr/bin/env bash
# Install exactly what a lock file names, and nothing else, in a virtual environment: with uv when it is there, else
# with pip. Every file that comes is held against its hash. `requirements.lock` also brings the command `accord`.
#     scripts/install.sh VENV LOCK
set -euo pipefail
venv=$1 lock=$2
root=$(cd "$(dirname "$0")/.." && pwd)

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in "${PYTHON3:-python3}" python3.13 python3.12 python3.11 python; do
        if new_enough "$name"; then echo "$name"; return; fi
    done
    echo "Accord needs Python 3.11 or newer. Install it, or name it: make PYTHON3=/path/to/python3 run" >&2
    exit 2
}

if [ ! -x "$venv/bin/python" ]; then
    python=$(find_python)
    echo "Making the virtual environment $venv with $("$python" --version)."
    if command -v uv >/dev/null; then
        uv venv --quiet --python "$(command -v "$python")" "$venv"
    elif ! "$python" -m venv "$venv"; then
        echo "Python cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv" >&2
        exit 2
    fi
fi

if command -v uv >/dev/null; then
    echo "Installing $lock with uv."
    install=(uv pip install --quiet --python "$venv/bin/python")
else
    echo "Installing $lock with pip; the first time this takes a minute or two."
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip --upgrade >/dev/null
    install=("$venv/bin/python" -m pip install --quiet --disable-pip-version-check)
fi
"${install[@]}" --require-hashes --requirement "$lock"

if [ "$(basename "$lock")" = requirements.lock ]; then
    # Built with the setuptools that the lock holds, so that nothing unlocked is fetched.
    "${install[@]}" --no-deps --no-build-isolation --editable "$root"
fi
