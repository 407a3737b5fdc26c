#!/bin/sh
# Makes this checkout runnable: system packages, virtual environment, locked dependencies. Safe to call every time:
# when nothing is missing it only looks and is done in a moment.
#
#   tools/bootstrap.sh run     what the program needs
#   tools/bootstrap.sh test    that, and the servers and displays that the tests drive
#   tools/bootstrap.sh check   the virtual environment alone
set -eu

cd "$(dirname -- "$0")/.."
lock=requirements/dev.txt

# Debian's names for what Qt's widgets and its browser need (shared libraries, xcb plugin), and one font.
window_packages='
    libglib2.0-0 libegl1 libgl1 libx11-6 libdbus-1-3 libfontconfig1 libfreetype6 libxkbcommon0 libbrotli1
    libx11-xcb1 libxcb-cursor0 libxcb-glx0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
    libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0
    libxcb-xkb1 libxcb1 libxkbcommon-x11-0 fonts-dejavu-core ca-certificates
    libasound2 libdrm2 libgbm1 libgssapi-krb5-2 libnspr4 libnss3 libudev1 libxcb-dri3-0 libxcomposite1 libxdamage1
    libxext6 libxkbfile1 libxrandr2 libxrender1 libxtst6'
# dbus-x11 is here because gnome-keyring would otherwise bring systemd along as its session bus.
test_packages='
    xvfb xauth xdotool at-spi2-core dbus dbus-x11 gnome-keyring openssl postfix dovecot-core knot stunnel4
    chromium chromium-driver'

say() { printf '%s\n' "sendwright: $*" >&2; }

# Names of every installed package and of what it stands in for (libglib2.0-0t64 provides libglib2.0-0).
installed() {
    dpkg-query -W -f '${db:Status-Status}:${Package}, ${Provides}\n' |
        sed -n 's/^installed://p' | tr ',' '\n' | sed 's/ *(.*//; s/ //g'
}

# missing NAME...: those of the names that are not installed, one line.
missing() {
    have=$(installed)
    for name in "$@"; do
        printf '%s\n' "$have" | grep -qxF "$name" || printf '%s ' "$name"
    done
}

# The mail server answers this computer alone, no service is left running, and nothing the machine has is removed.
# shellcheck disable=SC2016  # the shell that root runs expands it
apt_install='
    export DEBIAN_FRONTEND=noninteractive
    echo "postfix postfix/main_mailer_type select Local only" | debconf-set-selections
    apt-get update -qq || echo "sendwright: the package lists could not be refreshed; trying those at hand" >&2
    apt-get install -qq -y --no-install-recommends --no-remove "$@" >/dev/null
    [ -d /run/systemd/system ] || exit 0
    for package in "$@"; do
        case $package in
            postfix | knot | stunnel4) systemctl disable --quiet --now "$package" ;;
            dovecot-core) systemctl disable --quiet --now dovecot ;;
        esac
    done'

debian_packages() {
    [ $# -gt 0 ] || return 0
    # shellcheck disable=SC2046  # a list of names
    set -- $(missing "$@")
    [ $# -gt 0 ] || return 0
    if [ "$(id -u)" -eq 0 ]; then
        sudo=
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        sudo=sudo
    else
        say "please run: sudo apt-get install --no-install-recommends $*"
        return 0
    fi
    say "installing Debian packages: $*"
    $sudo sh -euc "$apt_install" sh "$@" || say "please run: sudo apt-get install --no-install-recommends $*"
}

system_packages() {
    if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
        debian_packages "$@"
    elif [ ! -d .venv ]; then
        case $(uname -s) in
            Darwin | MINGW* | MSYS* | CYGWIN*) ;; # Qt's wheels bring all they need there
            *) say "install what Qt needs with your system's tools; on Fedora: sudo dnf install mesa-libEGL" \
                "libxkbcommon-x11 xcb-util-cursor xcb-util-image xcb-util-keysyms xcb-util-renderutil xcb-util-wm" ;;
        esac
    fi
}

# The first Python that is new enough (and not too new for the locked Qt), or nothing.
find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

# Whether $python can make a virtual environment; Debian's cannot without python3-venv.
python_complete() {
    python=$(find_python)
    [ -n "$python" ] && "$python" -c 'import ensurepip, venv' 2>/dev/null
}

virtual_environment() {
    if ! python_complete; then
        say "Python 3.11 to 3.14 with its venv module is needed. Debian: sudo apt-get install python3 python3-venv;" \
            "Fedora: sudo dnf install python3; macOS: brew install python@3.13;" \
            "Windows: winget install Python.Python.3.13"
        exit 1
    fi
    interpreter=$("$python" -c 'import sys; print(sys.base_prefix, sys.version_info[:2])')
    [ "$(cat .venv/interpreter 2>/dev/null)" = "$interpreter" ] || new_environment
    install_once "$lock" --require-hashes -r "$lock"
    # Editable: the program runs from this checkout. Installed again when its scripts or its metadata may have changed.
    install_once pyproject.toml --no-deps --no-build-isolation --editable .
}

new_environment() {
    say "making the virtual environment and installing the locked dependencies (a minute or two)"
    "$python" -m venv --clear .venv
    printf '%s\n' "$interpreter" >.venv/interpreter
}

# install_once FILE OPTION...: let pip work only when FILE differs from the one it last worked for.
install_once() {
    stamp=.venv/$(basename "$1").sum
    sum=$(cksum <"$1")
    shift
    [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ] || return 0
    bin=.venv/bin
    [ -d "$bin" ] || bin=.venv/Scripts
    "$bin/python" -m pip install --quiet --disable-pip-version-check "$@"
    printf '%s\n' "$sum" >"$stamp"
}

python_complete && python_packages='' || python_packages='python3 python3-venv'

# shellcheck disable=SC2086  # lists of names
case ${1:-run} in
    test) system_packages $python_packages $window_packages $test_packages ;;
    run) system_packages $python_packages $window_packages ;;
    check) system_packages $python_packages ;;
    *)
        say "run, test or check, not $1"
        exit 2
        ;;
esac
virtual_environment
