#!/bin/sh
# Builds the core for one machine as a shared library and prints its path.
# usage: build.sh MACHINE_PACKAGE.sv [OPTION[,OPTION...]]
# assert: with the assertions of the RTL.
# gates: the netlist that Yosys makes of it for the iCE40 UP5K, with that chip's blocks (fpga/boards/icebreaker); for machines whose bank is
# two SPRAMs. Its memories have no back door.
# mutants: what Yosys reads, with faults planted by its command "mutate", of which the input mutation_i selects one, or none by 0; the
# list stands in mutants.tsv beside the library (mutants/choose.awk), the commands that plant them in mutants.ys and what they are planted
# in in core.il. Excludes gates.
# lines: counts how often each part of each line of the sources runs. Slower, and built apart.
# toggles: counts how often each bit of each signal changes; not of the memories. Much slower, and built apart.
# waves: can write FST waveforms. Slower, and built apart.
# Built once for each content of sources, machine, tool versions and options; kept in $HIL_CACHE or the user's cache folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rtl=$here/../../fpga/rtl
contract=$here/../../firmware/link
package=$1
options="${2:-}"
mutants=320
has() { case ",$options," in *",$1,"*) true ;; *) false ;; esac; }
verilate=""
flags=""
objects="verilated.o verilated_threads.o"
libraries=""
if has assert; then verilate="-DHIL_ASSERT --assert"; fi
if has waves; then
    # Buses up to the widest one of a machine; memories by their names in the core instead.
    verilate="$verilate --trace-fst --trace-max-width 8192"
    flags="$flags -DHIL_WAVES"
    objects="$objects verilated_fst_c.o"
    libraries="-lz"
fi
if has lines; then verilate="$verilate --coverage-line"; fi
if has toggles; then verilate="$verilate --coverage-toggle --coverage-max-width 8192"; fi
if has lines || has toggles; then
    flags="$flags -DHIL_COVERAGE"
    objects="$objects verilated_cov.o"
fi

sources=$(sed "s|^|$rtl/|" "$rtl/files.f")
board=$here/../../fpga/boards/icebreaker
map=""
if has gates; then
    map=$(ls "$board"/../common/ice40/*)
    # The chip's versions of some modules replace the general ones.
    replaced=$(sed 's|.*/||' "$board/files.f")
    for name in $replaced; do sources=$(echo "$sources" | grep -v "/$name\$"); done
    sources="$sources $(sed "s|^|$board/|" "$board/files.f")"
fi
hash=$( (cat "$package" "$rtl"/core/*.svh $sources $map "$here"/*.cpp "$here"/*.h "$contract/hil_contract.h" "$here"/mutants/choose.awk "$here/build.sh"; verilator --version; g++ --version; yosys -V 2> /dev/null || true; uname -m; echo "$options") \
    | sha256sum | cut -c1-24)
cache=${HIL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hil}/verilator
library=$cache/$hash/libhil_rtl.so
if [ -f "$library" ]; then echo "$library"; exit 0; fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
word_bytes=$(sed -n 's/.*int unsigned WordBytes = \([0-9]*\);.*/\1/p' "$package")
# A netlist is one huge function for each clock edge, and so is counting: more optimisation takes minutes and gains little.
optimize=-O3
optimize_slow=-O1
if has gates; then optimize=-O1; fi
if has lines || has toggles; then
    optimize=-O1
    optimize_slow=-O0
fi
port_bytes=$(sed -n 's/.*int unsigned PortBytes = \([0-9]*\);.*/\1/p' "$package")
include=$(verilator --getenv VERILATOR_ROOT)/include
ccache=""
if command -v ccache > /dev/null; then ccache="OBJCACHE=ccache"; fi
{
    if has gates; then
        # The script of the map names the files beside it.
        cp $map "$work"
        (cd "$work" && yosys -q -p "read_verilog -defer -sv -I$rtl/core $package $(echo $sources); hierarchy -top hil_core; script ice40_map.ys; \
            setundef -zero; write_verilog -noattr -noexpr netlist.v")
        verilator --cc -O3 $verilate --x-assign 0 --x-initial 0 -Wno-fatal -DNO_ICE40_DEFAULT_ASSIGNMENTS -DSYNTHESIS --top-module hil_core \
            --prefix Vhil_core --Mdir "$work" "$work/netlist.v" "$(dirname "$(command -v yosys)")/../share/yosys/ice40/cells_sim.v"
    elif has mutants; then
        rams="$rtl/memory/hil_ram_1r1w.sv $rtl/memory/hil_ram_1rw.sv"
        for ram in $rams; do sources=$(echo "$sources" | grep -v "$ram\$"); done
        yosys -q -p "read_verilog -sv -lib $rams; read_verilog -defer -sv -I$rtl/core $package $(echo $sources); hierarchy -check -top hil_core; \
            proc; flatten; opt -full; wreduce; peepopt; opt -full -purge; write_rtlil $work/core.il; mutate -list 1000000 -o $work/all.txt"
        awk -f "$here/mutants/choose.awk" -v count=$mutants -v bits=9 -v rtl="$rtl/" -v names="$work/mutants.tsv" "$work/all.txt" "$work/all.txt" > "$work/mutants.ys"
        yosys -q -p "read_rtlil $work/core.il; script $work/mutants.ys; write_verilog -noattr $work/netlist.v"
        verilator --cc --flatten -O3 $verilate --x-assign fast --x-initial fast -Wno-fatal --top-module hil_core --prefix Vhil_core \
            --Mdir "$work" "$work/netlist.v" $rams
        flags="$flags -DVL_USER_FATAL -DHIL_MUTANTS"
    else
        # Counts of a memory's bits would be most of the build; its ports are counted.
        {
            echo '`verilator_config'
            grep -Hn ' mem\[0:Depth-1\]' $sources | sed 's|^\([^:]*\):\([0-9]*\):.*|coverage_off -file "\1" -lines \2|'
        } > "$work/memories.vlt"
        verilator --cc --flatten -O3 $verilate --x-assign fast --x-initial fast -Wno-fatal --top-module hil_core --prefix Vhil_core \
            -I"$rtl/core" --Mdir "$work" "$work/memories.vlt" "$package" $sources
    fi
    # Every memory of the core, by the names that Verilator gave them; those of a flattened netlist have their signs in hexadecimal.
    sed -n 's/.*> \(hil_core__DOT__[A-Za-z0-9_]*__DOT__mem\);.*/\1/p' "$work/Vhil_core___024root.h" | while read -r member; do
        path=$(echo "$member" | sed 's/^hil_core__DOT__//; s/__DOT__mem$//; s/__BRA__\|__05b/[/g; s/__KET__\|__05d/]/g; s/__DOT__\|__02e/./g')
        echo "HIL_MEMORY($member, \"$path\")"
    done > "$work/memories.inc"
    make -C "$work" -f Vhil_core.mk -j2 $ccache OPT_FAST=$optimize OPT_SLOW=$optimize_slow CXXFLAGS="-fPIC -fvisibility=hidden $flags" Vhil_core__ALL.a $objects
    g++ -std=c++17 -O2 -fPIC -fvisibility=hidden -shared -fno-gnu-unique -Wl,-Bsymbolic -DHIL_PORT_BYTES="$port_bytes" -DHIL_WORD_BYTES="$word_bytes" $flags \
        -I"$work" -I"$here" -I"$contract" -I"$include" -I"$include/vltstd" \
        "$here/hil_rtl.cpp" "$work/Vhil_core__ALL.a" $(for o in $objects; do echo "$work/$o"; done) -pthread $libraries -o "$work/libhil_rtl.so"
} > "$work/log" 2>&1 &
# In the background, because a failure inside "{ } || ..." would not stop it.
if ! wait $!; then tail -n 40 "$work/log" >&2; exit 1; fi
mkdir -p "$cache/$hash.part.$$"
cp "$work/libhil_rtl.so" "$work/log" "$cache/$hash.part.$$/"
if has mutants; then cp "$work/mutants.tsv" "$work/mutants.ys" "$work/core.il" "$cache/$hash.part.$$/"; fi
mv -T "$cache/$hash.part.$$" "$cache/$hash" 2> /dev/null || rm -rf "$cache/$hash.part.$$"
echo "$library"
