#!/usr/bin/env bash
# Write the lock files anew from the readable lists: every package beneath them, for every platform and for Python
# 3.11 or newer, with the hashes of its files. What is locked stays as it is unless the lists ask for something else;
# --upgrade moves everything beneath the lists too.
#     scripts/lock.sh [--upgrade]
set -euo pipefail
cd "$(dirname "$0")/.."

if command -v uv >/dev/null; then
    uv=uv
else
    throw_away=$(mktemp -d)
    trap 'rm -rf "$throw_away"' EXIT
    .venv/bin/python -m venv "$throw_away"
    "$throw_away/bin/python" -m pip install --quiet --disable-pip-version-check uv
    uv=$throw_away/bin/uv
fi

export UV_CUSTOM_COMPILE_COMMAND="make lock"
lock() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links "$@" >/dev/null
}

# setuptools, which makes the command `accord`, is the group `build` of pyproject.toml.
lock requirements.txt --group build --output-file requirements.lock "$@"
lock requirements-test.txt --constraint requirements.lock --output-file requirements-test.lock "$@"
