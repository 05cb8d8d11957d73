#!/bin/sh
# Builds a self-checking bench with Verilator, assertions on, and runs it:
# run.sh BENCH [gates] [board=BOARD [boards=FOLDER]] [package=FILE [rtl=FOLDER]] [-GName=Value ...] [+argument ...]
# gates: instead of the module of that name, the netlist that Yosys makes of it for the iCE40 UP5K, with the module's own parameters.
# board: instead of the general module of that name, the board's; boards: of a copy of fpga/boards with a fault planted.
# package: the bench is of a module of the core, for the machine of that package; its sources are fpga/rtl, or a copy of it with a fault planted.
# +coverage=FILE: of a back end's or the registers' source, not of gates, also writes how often each line ran.
# Prints what the bench prints; exit code 0 if it passed. The build is kept in $HIL_CACHE or the user's cache folder, by content.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
fpga=$here/../../../fpga
bench=$1
shift
parameters=""
arguments=""
gates=""
board=""
package=""
rtl=$fpga/rtl
boards=$fpga/boards
for argument in "$@"; do
    case $argument in
        gates) gates=gates ;;
        board=*) board=${argument#board=} ;;
        package=*) package=${argument#package=} ;;
        rtl=*) rtl=${argument#rtl=} ;;
        boards=*) boards=${argument#boards=} ;;
        -G*) parameters="$parameters $argument" ;;
        *) arguments="$arguments $argument" ;;
    esac
done
cells=$(dirname "$(command -v yosys || echo /usr/bin/yosys)")/../share/yosys/ice40/cells_sim.v
with_cells="-DNO_ICE40_DEFAULT_ASSIGNMENTS -DSYNTHESIS"
# What is tested, and what stands around it.
around="$here/tb_$bench.sv $fpga/models/*.sv"
flags="--assert -DHIL_ASSERT"
case $bench in hil_backend_* | hil_registers) flags="$flags --coverage-line" ;; esac
if [ -n "$package" ]; then kind=core; else kind=$bench; fi
case $kind in
    core)
        tested="$package $(cat "$rtl/files.f" "$rtl/registers/files.f" | sed "s|^|$rtl/|")"
        around="$here/tb_$bench.sv $here/port_side.sv"
        flags="$flags -I$rtl/core -I$here"
        ;;
    hil_icebreaker_*)
        tested="$fpga/rtl/backends/hil_backend_flash.sv $fpga/boards/common/hil_synchroniser.sv $fpga/boards/common/hil_board_reset.sv $(echo "$fpga"/boards/icebreaker/top/*.sv | tr ' ' '\n' | grep -v _top.sv)"
        around="$around $here/ice40_pads.sv"
        ;;
    hil_array_row)
        tested="$fpga/rtl/compute/hil_array_row.sv $fpga/rtl/compute/hil_cell.sv"
        if [ -n "$board" ]; then tested=$boards/$board/rtl/hil_array_row.sv; fi
        case $board in
            icebreaker) around="$around $cells"; flags="$flags --timescale-override 1ns/100ps $with_cells" ;;
            ulx3s-85f) tested="$tested $boards/$board/rtl/hil_soft_product.sv" ;;
        esac
        ;;
    hil_ram_1r1w)
        tested=$fpga/rtl/memory/hil_ram_1r1w.sv
        if [ -n "$board" ]; then tested=$boards/$board/rtl/hil_ram_1r1w.sv; fi
        ;;
    *) tested="$fpga/rtl/memory/hil_ram_1rw.sv $fpga/rtl/backends/*.sv" ;;
esac
# shellcheck disable=SC2086
hash=$( (cat "$rtl"/core/*.svh "$here"/*.svh $around $tested "$here/run.sh" "$here/bench_main.cpp"; verilator --version; yosys -V 2> /dev/null || true; uname -m; echo "$bench $gates $board $parameters") | sha256sum | cut -c1-24)
cache=${HIL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hil}/benches
if [ ! -x "$cache/$hash" ]; then
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/build.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    if [ -n "$gates" ]; then
        # shellcheck disable=SC2086
        yosys -q -p "read_verilog -defer -sv $(echo $tested); synth_ice40 -device u -top $bench; setundef -zero; write_verilog -noattr -noexpr $work/netlist.v" \
            > "$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; exit 1; }
        case $around in *"$cells"*) ;; *) around="$around $cells" ;; esac
        tested=$work/netlist.v
        # The models of the cells are in picoseconds, in which delayed assignments of Verilator 5.006 do not come to an end.
        flags="-DHIL_GATES --timescale-override 1ns/100ps $with_cells"
    fi
    # shellcheck disable=SC2086
    verilator --cc --exe --build --timing $flags -Wno-fatal -Wno-lint -O3 --x-initial unique --top-module "tb_$bench" --prefix Vbench $parameters \
        --Mdir "$work" -o bench $tested $around "$here/bench_main.cpp" > "$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; exit 1; }
    mv "$work/bench" "$cache/$hash"
fi
# shellcheck disable=SC2086
exec "$cache/$hash" $arguments
