# shellcheck shell=sh
# What the system must bring: Python, the text layout library behind the PDFs, and for the tests a browser and servers.
# Read by bin/setup; sets PYTHON.

say() { echo "setup: $*"; }
stop() { echo "setup: $*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

refresh_package_lists() {
    if [ -n "${lists_are_fresh:-}" ] || ! may_install; then return 0; fi
    as_root apt-get update -qq || say "apt-get update failed; trying with the lists that are there."
    lists_are_fresh=yes
}

available() { # the first of the named packages that apt can install
    for package in "$@"; do
        if apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [0-9]'; then echo "$package"; return 0; fi
    done
    return 1
}

may_install() { [ "$(id -u)" = 0 ] || has sudo; }

install_packages() {
    has apt-get || stop "Please install what these packages hold (Debian's names), then run this again: $*"
    may_install || stop "Please have an administrator run this, then try again: apt-get install --no-install-recommends $*"
    say "Installing from the system's packages: $*"
    refresh_package_lists
    hold_servers_back "$@"
    told=$(quiet_apt "$@") || {
        echo "$told" >&2
        stop "apt-get could not install what is needed. The lines above say why."
    }
    let_servers_be
}

quiet_apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" 2>&1; }

# The tests start servers of their own. Debian's packages would start system-wide ones as they are installed, and make
# a database cluster; both are held back for the moment of the installation and nothing is left behind.
policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.conf
hold_servers_back() {
    case "$*" in *postgresql* | *redis-server* | *pgbouncer*) ;; *) return 0 ;; esac
    trap let_servers_be EXIT
    trap 'exit 1' INT TERM
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        policy_is_ours=yes
    fi
    case "$*" in *postgresql*)
        quiet_apt postgresql-common >/dev/null || return 0
        if [ -f "$cluster" ] && ! grep -q '^create_main_cluster' "$cluster"; then
            echo 'create_main_cluster = false' | as_root tee -a "$cluster" >/dev/null
            cluster_is_ours=yes
        fi ;;
    esac
}
let_servers_be() {
    [ -z "${policy_is_ours:-}" ] || as_root rm -f "$policy"
    [ -z "${cluster_is_ours:-}" ] || as_root sed -i '/^create_main_cluster = false$/d' "$cluster"
    policy_is_ours='' cluster_is_ours=''
}

good_python() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for PYTHON in "${PYTHON3:-}" python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if [ -n "$PYTHON" ] && good_python "$PYTHON"; then return 0; fi
    done
    return 1
}

bring_python() {
    if find_python; then return 0; fi
    has apt-get || stop "Python 3.11 or newer is needed, and none was found. Install it, then run this again."
    refresh_package_lists
    case "$(apt-cache policy python3 2>/dev/null | sed -n 's/ *Candidate: //p')" in
        3.[0-9].* | 3.10.* | "") newer=$(available python3.13 python3.12 python3.11) ;;
        *) newer=python3 ;;
    esac || stop "Python 3.11 or newer is needed, and apt offers none. Install it, then run this again."
    install_packages "$newer" "$newer-venv"
    find_python || stop "Python 3.11 or newer is needed, and none was found after installing $newer."
}

has_library() { # shared libraries as a Python program will look for them
    "$PYTHON" - "$@" 2>/dev/null <<'END'
import ctypes, ctypes.util, sys
for name in sys.argv[1:]:
    ctypes.CDLL(ctypes.util.find_library(name) or f"lib{name}.so.{1 if name == 'atomic' else 0}")
END
}

has_browser() {
    for browser in "${CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome; do
        if [ -n "$browser" ] && has "$browser"; then return 0; fi
    done
    return 1
}

has_postgres() { has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

has_pooler() { has pgbouncer || [ -x /usr/sbin/pgbouncer ]; }

bring_packages() { # bring_packages [yes: for the tests and measurements too]
    missing=
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null \
        || missing="$missing $("$PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    has_library pango-1.0 pangoft2-1.0 || missing="$missing libpango-1.0-0 libpangoft2-1.0-0"
    if [ -n "$1" ]; then
        has_browser || missing="$missing $(name_of_browser)"
        has_library atomic || missing="$missing libatomic1"
        has_postgres || missing="$missing postgresql"
        has redis-server || missing="$missing redis-server"
        has_pooler || missing="$missing pgbouncer"
        has pdftotext || missing="$missing poppler-utils"
        has wrk || missing="$missing wrk"
    fi
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086  # several packages
    install_packages $missing
}

name_of_browser() {
    has apt-get || { echo chromium; return 0; }
    refresh_package_lists
    available chromium-headless-shell chromium \
        || stop "The browser tests need Chromium, and apt offers none. Install Chromium or Chrome, set CHROMIUM to its path, then run this again."
}
