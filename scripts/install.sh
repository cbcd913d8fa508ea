#!/usr/bin/env bash
# Install pinned packages in the project's own virtual environment: with uv when it is there, else with pip.
#     scripts/install.sh VENV REQUIREMENTS
set -euo pipefail
venv=$1 requirements=$2

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
    echo "Installing $requirements with uv."
    uv pip install --quiet --python "$venv/bin/python" --requirement "$requirements"
else
    echo "Installing $requirements with pip; the first time this takes a minute or two."
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip --upgrade >/dev/null
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
fi
