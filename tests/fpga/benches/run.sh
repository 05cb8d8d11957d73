#!/bin/sh
# Builds a self-checking bench with Verilator, assertions on, and runs it: run.sh BENCH [-GName=Value ...] [+argument ...]
# Prints what the bench prints; exit code 0 if it passed. The build is kept in $HIL_CACHE or the user's cache folder, by content.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
fpga=$here/../../../fpga
bench=$1
shift
parameters=""
arguments=""
for argument in "$@"; do
    case $argument in -G*) parameters="$parameters $argument" ;; *) arguments="$arguments $argument" ;; esac
done
sources="$fpga/rtl/memory/hil_ram_1rw.sv $fpga/rtl/backends/*.sv $fpga/models/*.sv $here/tb_$bench.sv"
# shellcheck disable=SC2086
hash=$( (cat $sources "$here/run.sh"; verilator --version; uname -m; echo "$bench $parameters") | sha256sum | cut -c1-24)
cache=${HIL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hil}/benches
if [ ! -x "$cache/$hash" ]; then
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/build.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    # shellcheck disable=SC2086
    verilator --binary --timing --assert -DHIL_ASSERT -Wno-fatal -Wno-lint -O3 --x-initial unique --top-module "tb_$bench" $parameters \
        --Mdir "$work" -o bench $sources > "$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; exit 1; }
    mv "$work/bench" "$cache/$hash"
fi
# shellcheck disable=SC2086
exec "$cache/$hash" $arguments
