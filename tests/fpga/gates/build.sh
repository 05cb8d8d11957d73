#!/bin/sh
# Builds the bench of a placed netlist: build.sh NETLIST.json TOP, a netlist for simulation as PlacedNetlist/SimulatedNetlist.cs makes it of the placed one.
# Prints the program's path. Kept in $HIL_CACHE or the user's cache folder, by content.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
contract=$here/../../../firmware/link
netlist=$1
top=$2
cells=$(dirname "$(command -v yosys)")/../share/yosys/ice40/cells_sim.v
hash=$( (cat "$netlist" "$here"/*.cpp "$here"/*.h "$contract/hil_contract.h" "$here/build.sh" "$cells"; verilator --version; g++ --version; uname -m) | sha256sum | cut -c1-24)
cache=${HIL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hil}/gates
if [ ! -x "$cache/$hash" ]; then
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/build.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    {
        yosys -q -p "read_json $netlist; hierarchy -top $top; setundef -zero; write_verilog -noattr -noexpr $work/netlist.v"
        # All of it is one function for each edge of the clock: more optimisation takes minutes and gains little.
        verilator --cc --exe -O3 --x-assign 0 --x-initial 0 -Wno-fatal -Wno-lint -DNO_ICE40_DEFAULT_ASSIGNMENTS -DSYNTHESIS --top-module "$top" \
            --prefix Vnetlist --Mdir "$work" -CFLAGS "-I$here -I$contract" -o bench "$work/netlist.v" "$cells" "$here/netlist_bench.cpp"
        make -C "$work" -f Vnetlist.mk -j2 OPT_FAST=-O1 OPT_SLOW=-O0
    } > "$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; exit 1; }
    mv "$work/bench" "$cache/$hash"
fi
echo "$cache/$hash"
