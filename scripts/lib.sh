# Shared by the scripts beside it: where the repository is, how to say something, how to
# install a Debian package. Source it; it changes nothing by itself.

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

logs="$repository/build/logs"

# Runs a command with its output in build/logs/NAME.log, shown only if the command fails.
# Standard input stays with the caller: it may be the data that is piped to the product.
logged() {
  local log="$logs/$1.log"
  shift
  mkdir -p "$logs"
  "$@" >"$log" 2>&1 </dev/null && return
  say "This failed: $*"
  # Where a runner goes on after a failure, the end of its log does not show it.
  grep -E -A 24 '^ *not ok |\[  FAILED  \]|^(FAILED|ERROR) ' "$log" | head -n 150 >&2
  tail -n 40 "$log" >&2
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo; then sudo "$@"
  else
    say "This needs root, and there is no sudo: $*"
    return 1
  fi
}

# Package lists are refreshed once a run, and only when something is to be installed.
apt_lists_fresh=
apt_refresh() {
  [ -n "$apt_lists_fresh" ] && return
  say "Refreshing the package lists."
  logged apt-update as_root apt-get -qq update || say "The package lists could not be refreshed; trying with the old ones."
  apt_lists_fresh=1
}

apt_install() {
  have apt-get || fail "Please install these, or what your system calls them: $*"
  apt_refresh
  say "Installing with apt-get: $*"
  logged apt-install as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@"
}

# python_env FOLDER REQUIREMENTS: a virtual environment with the packages of that file, made anew when the file has changed.
# Fails where they cannot be installed, for want of a network or of wheels for this Python.
python_env() {
  local folder="$1" requirements="$2" base
  # The stamp is written last, so an interrupted installation is not taken as complete.
  [ -x "$folder/bin/python" ] && cmp -s "$requirements" "$folder/requirements.installed" && return
  base="$(command -v python3 || true)"
  if [ -z "$base" ]; then
    apt_install python3
    base=/usr/bin/python3
  fi
  # Debian's Python cannot make environments with pip in them without this package.
  "$base" -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
  say "Installing the pinned packages of ${requirements#"$repository"/} into ${folder#"$repository"/}."
  rm -rf "$folder"
  if "$base" -m venv "$folder" >&2 && pip_install "$folder" "$requirements"; then
    cp "$requirements" "$folder/requirements.installed"
    return
  fi
  rm -rf "$folder"
  return 1
}

pip_install() { "$1/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: -r "$2" >&2; }

# --- building, shared by run and test ----------------------------------------------------------

use_toolchain() {
  "$repository/scripts/toolchain" && eval "$("$repository/scripts/toolchain" env)" && use_ccache
}

# Where there is a ccache, folders that are configured from now on use it. The headers that are compiled before need to be told
# of: it takes their macros and their times for the same.
use_ccache() {
  have ccache || return 0
  export CMAKE_C_COMPILER_LAUNCHER="${CMAKE_C_COMPILER_LAUNCHER-ccache}" CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER-ccache}"
  export CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS-pch_defines,time_macros,include_file_mtime,include_file_ctime}"
}

# build_preset PRESET [cmake --build options]
build_preset() {
  (
    cd "$repository" || return
    use_ccache
    [ -f "build/$1/build.ninja" ] || cmake --preset "$1" || return
    cmake --build --preset "$@"
  )
}

# The package expects the engine in web/engine, its glue with short names (a quarter less to load) and without the import
# of a module of Node's, on which bundlers stop; the glue's typings are for the type check. Unchanged files keep their time.
# Needs install_web, before the engine is built too: its tsc writes the typings.
stage_engine() {
  local name from wasm to="$repository/web/engine"
  mkdir -p "$to"
  for name in engine engine-rest codecs engine-threads command-engine; do
    case $name in engine | engine-rest | codecs) from="$repository/build/wasm" ;; *) from="$repository/build/wasm-threads" ;; esac
    wasm="$from/$name.wasm"
    [ "$name" != engine ] || wasm="$from/engine-first.wasm"
    cmp -s "$wasm" "$to/$name.wasm" || cp "$wasm" "$to/$name.wasm" || return
    [ -f "$from/$name.mjs" ] || continue
    "$repository/web/node_modules/.bin/esbuild" --minify --format=esm --target=es2022 --log-level=warning \
      "$from/$name.mjs" --outfile="$from/$name.min.mjs" || return
    sed -i 's/import("module")/process.getBuiltinModule("module")/' "$from/$name.min.mjs"
    cmp -s "$from/$name.min.mjs" "$to/$name.mjs" || cp "$from/$name.min.mjs" "$to/$name.mjs" || return
    [ ! -f "$from/$name.d.mts" ] || cmp -s "$from/$name.d.mts" "$to/$name.d.mts" || cp "$from/$name.d.mts" "$to/$name.d.mts" || return
  done
}

# The engines, where the package is built from.
build_engines() {
  logged npm-ci install_web
  logged engine build_preset wasm --target bindings codecs_module
  logged engine-threads build_preset wasm-threads
  logged minify stage_engine
}

install_web() {
  local web="$repository/web"
  [ "$web/node_modules/.package-lock.json" -nt "$web/package-lock.json" ] && return
  (cd "$web" && npm ci && touch node_modules/.package-lock.json)
}

# Builds web/dist if anything it is made from is newer than the last build.
build_web() {
  local stamp="$repository/build/web.stamp"
  if [ -f "$repository/web/dist/cli.js" ] && [ -f "$stamp" ] &&
    [ -z "$(find "$repository/web" \( -name node_modules -o -name "dist*" \) -prune -o -newer "$stamp" -type f -print -quit)" ]; then
    return
  fi
  touch "$stamp.new"
  (cd "$repository/web" && npm run build) && mv "$stamp.new" "$stamp"
}
