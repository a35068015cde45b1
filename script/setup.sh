# Sourced by script/server and script/test, from the top of the checkout. POSIX sh.
#
# Every step leaves a stamp with the content that it was done for; a step whose content is unchanged is
# not done again. Progress goes to standard error. A step that does not work says what to type, and ends.
# shellcheck shell=sh

VAR=${THUTO_VAR:-$PWD/var}
PY=$PWD/.venv/bin/python
LOG=$VAR/setup.log
# Otherwise every start, and every command in it, would compile all that it loads.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

stop_here() { # WHAT DID NOT WORK, WHAT TO TYPE
    say ""
    say "Stopped: $1"
    say "Do this: $2"
    exit 1
}

is_chosen() { # SETTING: by the operator, in the environment or in the file of this checkout
    eval "[ -n \"\${$1:-}\" ]" || grep -q "^$1=" "$VAR/env" 2>/dev/null
}

content_of() { # files and folders -> one line that changes with them
    # our own file names have no spaces
    # shellcheck disable=SC2046
    cksum $(find "$@" -type f ! -path './var/*' ! -name '*.pyc' ! -name '*.mo' 2>/dev/null | LC_ALL=C sort) \
        /dev/null | cksum
}

is_done() { # STAMP CONTENT
    [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

long_step() { # SAYING, WHAT TO TYPE WHEN IT DOES NOT WORK, COMMAND...
    saying=$1 remedy=$2
    shift 2
    say "  $saying ..."
    if ! "$@" >"$LOG" 2>&1 </dev/null; then
        tail -n 15 "$LOG" >&2
        stop_here "$saying (the whole text is in $LOG)" "$remedy"
    fi
}

# One set-up at a time: two at once would write over each other.
set_up_alone() {
    lock=$VAR/setup.lock
    umask_before=$(umask)
    umask 077
    mkdir -p "$VAR/stamps" || stop_here "$VAR cannot be made" "chmod u+w $PWD, or name another folder in THUTO_VAR"
    umask "$umask_before"
    while ! mkdir "$lock" 2>/dev/null; do
        holder=$(cat "$lock/pid" 2>/dev/null || :)
        if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
            rm -rf "$lock"
        else
            [ -n "${said_waiting:-}" ] || say "  waiting for another set-up in $VAR (if there is none: rm -r $lock)"
            said_waiting=yes
            sleep 1
        fi
    done
    echo $$ >"$lock/pid"
    trap end_set_up EXIT
    trap 'exit 130' INT TERM
}

# On the way out, whatever the reason: nothing of the set-up goes on by itself.
end_set_up() {
    [ -z "${static:-}" ] || kill "$static" 2>/dev/null || :
    rm -rf "$lock"
}

set_up_done() {
    static=
    end_set_up
    trap - EXIT INT TERM
}

is_new_enough() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

find_python() { # sets python
    # A version manager's launcher may stand on the path and still start nothing, so each one is tried.
    for python in python3.13 python3.12 python3.14 python3 python; do
        if is_new_enough "$python"; then return; fi
    done
    versions="${PYENV_ROOT:-}/versions ${HOME:-}/.pyenv/versions"
    for folder in $(printf '%s' "$PATH" | tr ':' ' '); do
        case $folder in */shims) versions="$versions ${folder%/shims}/versions" ;; esac
    done
    for folder in $versions; do
        for python in "$folder"/3.13*/bin/python "$folder"/3.12*/bin/python "$folder"/3.1[4-9]*/bin/python; do
            if is_new_enough "$python"; then return; fi
        done
    done
    if command -v uv >/dev/null 2>&1; then
        long_step "fetching Python 3.13 with uv" "install Python 3.12 or newer, then this again" uv python install 3.13
        python=$(uv python find 3.13)
        if is_new_enough "$python"; then return; fi
    fi
    stop_here "no Python 3.12 or newer with its venv module was found" \
        "apt-get install python3 python3-venv (or: pyenv install 3.13; or: install uv), then this again"
}

install_requirements() { # LIST
    stamp=$PWD/.venv/stamp-$1
    key=$(content_of "$1.txt" .venv/pyvenv.cfg)
    if is_done "$stamp" "$key"; then return; fi
    total=$(grep -c '^[A-Za-z0-9].*==' "$1.txt")
    say "  installing $total Python packages from $1.txt ..."
    {
        # The list is complete and pinned, so nothing needs to be resolved; Python compiles what it comes to use.
        PYTHONUNBUFFERED=1 "$PY" -m pip install --require-hashes --no-deps --no-compile --progress-bar off \
            --disable-pip-version-check -r "$1.txt" 2>"$LOG.pip" </dev/null || echo "pip stopped" >>"$LOG.pip"
    } | {
        number=0
        while IFS= read -r line; do
            case $line in
                "Collecting "* | "Requirement already"*)
                    number=$((number + 1))
                    [ $((number % 20)) != 0 ] || say "    $number of $total"
                    ;;
                "Installing "*) say "    unpacking" ;;
            esac
        done
    }
    if grep -q '^pip stopped$' "$LOG.pip"; then
        grep -v 'is ignored: it is neither' "$LOG.pip" | tail -n 15 >&2
        stop_here "installing the Python packages of $1.txt (the whole text is in $LOG.pip)" \
            "look at the lines above; with a network and pip's usual configuration: $0"
    fi
    echo "$key" >"$stamp"
}

missing_libraries() { # names the libraries that do not load
    "$PY" - <<'PYTHON'
import ctypes.util, ctypes, sys

for linux, other in (
    ("libpango-1.0.so.0", "pango-1.0"), ("libpangoft2-1.0.so.0", "pangoft2-1.0"),
    ("libharfbuzz-subset.so.0", "harfbuzz-subset"),
):
    try:
        ctypes.CDLL(linux if sys.platform.startswith("linux") else ctypes.util.find_library(other) or other)
    except OSError:
        print(other, end=" ")
PYTHON
}

install_system() { # WHAT FOR, DEBIAN PACKAGES
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        say "  installing $1: $2 ..."
        # a list of packages
        # shellcheck disable=SC2086
        { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $2 ||
            { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $2; }
        } >"$LOG" 2>&1 </dev/null || {
            tail -n 5 "$LOG" >&2
            stop_here "installing $1" "apt-get update && apt-get install $2"
        }
    elif command -v apt-get >/dev/null 2>&1; then
        stop_here "$1 is missing" "sudo apt-get install $2"
    elif command -v brew >/dev/null 2>&1; then
        stop_here "$1 is missing" "brew install ${3:-pango}"
    else
        stop_here "$1 is missing" "install what Debian calls: $2"
    fi
}

find_libraries() {
    stamp=$PWD/.venv/stamp-libraries
    if [ -f "$stamp" ]; then return; fi
    if [ -n "$(missing_libraries)" ]; then
        install_system "Pango, which draws the certificates" "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        still=$(missing_libraries)
        [ -z "$still" ] || stop_here "these libraries still do not load: $still" "install Pango 1.44 or newer with harfbuzz-subset"
    fi
    : >"$stamp"
}

# Recordings that are there play without it; only a trainer who wants to make one needs it.
say_what_is_missing_for_recording() {
    if command -v "${FFMPEG:-ffmpeg}" >/dev/null 2>&1 || grep -q '^FFMPEG=' "$VAR/env" 2>/dev/null; then return; fi
    say "  ffmpeg is not installed: trainers cannot record speech here, all else works (docs/running.md, Recorded speech)"
}

DECODER=qr@0.7.0

has_decoder() { # FOLDER: whether what lies there is byte for byte what was looked at
    "$PY" - "$1" <<'PYTHON'
import hashlib, pathlib, sys

SUMS = {
    "decode.js": "00e209820dcb11d624e9a03d6383e580766792b57d1651318f0a29e4e1ff0fe8",
    "index.js": "a0de370051f94bd74f218f74401fdf197585e3f9ef0143164f87ea941a3fdd6f",
    "LICENSE": "f9946796a8a5bd5981565142fa42e3b0cc36aef6f80e86beaf5905b3c0fef1b5",
    "LICENSE-MIT": "07a9f887e9215644439b808628b09f8eece932d79130ff563f958f3a1783e684",
}
folder = pathlib.Path(sys.argv[1])
for name, sum in SUMS.items():
    if not (folder / name).is_file() or hashlib.sha256((folder / name).read_bytes()).hexdigest() != sum:
        sys.exit(1)
PYTHON
}

# Reads codes on paper for browsers that cannot do so themselves. Without it such a browser types the number.
fetch_decoder() {
    vendor=${VENDOR:-$VAR/vendor}
    if has_decoder "$vendor/qr"; then return; fi
    rm -rf "$vendor/qr"
    without="some browsers cannot scan codes here, all else works (docs/running.md, Codes on paper)"
    if ! command -v npm >/dev/null 2>&1; then
        say "  npm is not installed: $without"
        return
    fi
    say "  fetching $DECODER, which reads codes on paper ..."
    new=$VAR/vendor.new
    rm -rf "$new"
    mkdir -p "$new" "$vendor"
    if (cd "$new" && npm pack "$DECODER" --ignore-scripts --fetch-retries=0 --fetch-timeout=20000 &&
        tar -xzf ./*.tgz) >"$LOG.npm" 2>&1 </dev/null && has_decoder "$new/package"; then
        mkdir "$new/qr"
        for name in decode.js index.js LICENSE LICENSE-MIT; do cp "$new/package/$name" "$new/qr/"; done
        mv "$new/qr" "$vendor/qr"
    else
        say "  $DECODER did not come whole (the text is in $LOG.npm): $without"
    fi
    rm -rf "$new"
}

find_chromium() {
    if command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; then return; fi
    install_system "Chromium, in which the pages are tried" chromium "--cask chromium"
}

find_paper_checkers() {
    if command -v pdfsig >/dev/null 2>&1 && command -v qpdf >/dev/null 2>&1; then return; fi
    (install_system "poppler and qpdf, which check the papers" "poppler-utils qpdf" "poppler qpdf") ||
        say "  without them the tests look at the papers with our own libraries alone, and skip what only those two can say"
}

# Keys made once for this checkout. Whoever loses this file loses the phone numbers and every PIN.
make_secrets() {
    if [ -n "${SECRET_KEY:-}" ]; then return; fi # the operator keeps them elsewhere
    # A later release may need a key that an earlier one did not know.
    missing=
    for key in SECRET_KEY CONTACT_KEYS BLIND_INDEX_KEY PIN_PEPPER SEALING_KEYS ISSUER_KEY_SECRET; do
        grep -q "^$key=" "$VAR/env" 2>/dev/null || missing="$missing $key"
    done
    [ -n "$missing" ] || return 0
    umask_before=$(umask)
    umask 077
    {
        if [ -f "$VAR/env" ]; then cat "$VAR/env"; fi
        # the names are words of ours
        # shellcheck disable=SC2086
        "$PY" - $missing <<'PYTHON'
import base64, secrets, sys

def new(name):
    if name == "CONTACT_KEYS":
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(50 if name == "SECRET_KEY" else 32)

for name in sys.argv[1:]:
    print(f"{name}={new(name)}")
PYTHON
    } >"$VAR/env.new" || stop_here "making the keys in $VAR/env" "rm -r .venv, then this again"
    mv "$VAR/env.new" "$VAR/env"
    umask "$umask_before"
    say "  made new keys: $VAR/env (keep a copy in a safe place)"
}

compile_catalogs() {
    stamp=$PWD/.venv/stamp-catalogs
    key=$(find locale -name '*.mo' | LC_ALL=C sort | cksum)$(content_of locale config/messages.py)
    if is_done "$stamp" "$key"; then return; fi
    long_step "compiling the translations" "script/messages --check" "$PY" -m config.messages compile
    echo "$(find locale -name '*.mo' | LC_ALL=C sort | cksum)$(content_of locale config/messages.py)" >"$stamp"
}

set_up_python() {
    if ! "$PY" -c '' 2>/dev/null; then
        find_python
        rm -rf .venv
        long_step "making .venv with $("$python" -V 2>&1)" "apt-get install python3-venv, then this again" \
            "$python" -m venv .venv
    fi
    install_requirements requirements
}

# A new SQLite file is made under another name and gets its own when it is whole: one that was broken off is
# never served, and making it need not wait for the disk at every step (config/settings.py).
begin_database() { # sets building
    building=
    if is_chosen DATABASE_URL || [ -s "$VAR/thuto.sqlite3" ]; then return; fi
    building=$VAR/thuto.sqlite3.new
    rm -f "$building" "$building-wal" "$building-shm"
}

manage() {
    if [ -n "${building:-}" ]; then
        DATABASE_URL="sqlite:///$building" "$PY" manage.py "$@"
    else
        "$PY" manage.py "$@"
    fi
}

finish_database() {
    [ -n "$building" ] || return 0
    "$PY" - "$building" "$VAR/thuto.sqlite3" <<'PYTHON' || stop_here "keeping the new database" "look for room in $VAR, then this again"
import os, sqlite3, sys

made, wanted = sys.argv[1:]
database = sqlite3.connect(made)
database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
database.close()
for path in (made, os.path.dirname(made)):
    opened = os.open(path, os.O_RDONLY)
    os.fsync(opened)
    os.close(opened)
os.rename(made, wanted)
PYTHON
    building=
}

set_up_database() {
    key="$(content_of ./*/migrations requirements.txt) ${DATABASE_URL:-}"
    if is_chosen DATABASE_URL || [ -n "${building:-}" ] || ! is_done "$VAR/stamps/migrate" "$key"; then
        long_step "preparing the database" "$PY manage.py migrate" manage migrate --no-input
        echo "$key" >"$VAR/stamps/migrate"
    fi
}

# Without the demonstration it is for real work, and says so before the first person is in it.
set_up_real_work() {
    key="real ${DATABASE_URL:-}"
    if [ -n "${building:-}" ] || ! is_done "$VAR/stamps/begun" "$key"; then
        long_step "deciding that this database is for real work" \
            "THUTO_VAR=/another/folder $0 --empty" manage begin
        echo "$key" >"$VAR/stamps/begun"
    fi
}

set_up_static() {
    key="$(content_of ./static ./*/static requirements.txt config/settings.py config/static_files.py) $(cat "${VENDOR:-$VAR/vendor}/qr/decode.js" 2>/dev/null | cksum)"
    if [ ! -s "$VAR/static/staticfiles.json" ] || ! is_done "$VAR/stamps/static" "$key"; then
        say "  collecting styles, scripts and icons ..."
        "$PY" manage.py collectstatic --no-input --clear --ignore rest_framework >"$LOG.static" 2>&1 </dev/null || {
            tail -n 15 "$LOG.static" >&2
            return 1
        }
        echo "$key" >"$VAR/stamps/static"
    fi
}

set_up_demonstration() {
    # Its dates are relative to today, so a new day is new content.
    key="$(content_of packs demonstration ./*/migrations) $(date +%Y-%m-%d) ${DATABASE_URL:-}"
    if [ -n "${building:-}" ] || ! is_done "$VAR/stamps/demonstration" "$key"; then
        long_step "loading the demonstration programme" \
            "$PY manage.py demo; for a database that is in real use: $0 --empty" manage demo
        echo "$key" >"$VAR/stamps/demonstration"
    fi
}
