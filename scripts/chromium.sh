#!/usr/bin/env bash
# See to it that the browser tests find Debian's Chromium; without it they are skipped, and this says so.
set -euo pipefail

if [ -x /usr/bin/chromium ]; then exit 0; fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests (Debian's package)."
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium \
        >/dev/null; then
        exit 0
    fi
fi
echo "Chromium is missing: the browser tests are skipped. To run them: sudo apt-get install chromium"
