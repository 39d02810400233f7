#!/bin/sh
# Install what the browser tests need: Debian's Chromium and a font with every Vietnamese letter.
# Does nothing when they are there, or when CHROMIUM names another browser.
set -eu

have_browser() {
    [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && return 0
    command -v chromium >/dev/null 2>&1
}

have_font() {
    [ -e /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf ] && return 0
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=vi family 2>/dev/null)" ]
}

missing=""
have_browser || missing="chromium"
have_font || missing="$missing fonts-noto-core"
[ -n "$missing" ] || exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing for the browser tests: $missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || echo "apt-get update failed; trying with the lists that are there" >&2
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
    exit 0
fi

cat >&2 <<EOF
The browser tests need: $missing
Install it (on Debian: sudo apt-get install $missing), or name a Chromium by CHROMIUM=/path/to/chromium,
or leave these tests out: make dev && .venv/bin/pytest -n 2 -m "not slow and not browser"
EOF
exit 1
