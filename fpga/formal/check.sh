#!/bin/sh
# Checks one property set with yosys-smtbmc and z3:   check.sh PACKAGE RTL NAME bmc|induction DEPTH
#   PACKAGE  the machine's generated package
#   RTL      the folder of the sources (fpga/rtl, or a copy with a fault planted)
#   NAME     formal_NAME.sv beside this script: the environment of one module, with its assumptions and further assertions
# HIL_WIDTH sets the bits of a value where the set has one (round_shift); HIL_FORMAL_TRACE names a file for the counterexample (VCD).
# Prints what smtbmc says; exit code 0 if nothing fails, 1 if an assertion does, 2 if it could not be checked.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
package=$1 rtl=$2 name=$3 mode=$4 depth=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Yosys 0.23 reads no else branch behind an assertion: it says only what to print.
mkdir "$work/rtl"
for file in $(cat "$rtl/files.f"); do
    sed -E -z 's/\)\s*else \$error\([^;]*\);/);/g' "$rtl/$file" > "$work/rtl/$(basename "$file")"
done
# Unknown values are free ones, other in each cycle.
defines="-DHIL_ASSERT -DHIL_WIDTH=${HIL_WIDTH:-20}"
yosys -q -p "read_verilog -defer -sv -formal $defines -I$rtl/core $package $work/rtl/*.sv $here/formal_$name.sv; \
    hierarchy -check -top formal_$name; proc; flatten; opt_clean; check -assert; memory -nomap; memory_map -formal; opt -full; setundef -anyseq; \
    dffunmap; opt_clean; write_smt2 -wires $work/model.smt2" > "$work/out" 2>&1 || { cat "$work/out" >&2; exit 2; }
option=""
if [ "$mode" = induction ]; then option=-i; fi
yosys-smtbmc -s z3 --unroll $option -t "$depth" --dump-vcd "$work/trace.vcd" "$work/model.smt2" > "$work/said" 2>&1 || true
cat "$work/said"
if grep -q "Status: PASSED" "$work/said"; then exit 0; fi
if [ -n "${HIL_FORMAL_TRACE:-}" ] && [ -f "$work/trace.vcd" ]; then cp "$work/trace.vcd" "$HIL_FORMAL_TRACE"; fi
if grep -q "Status: FAILED" "$work/said"; then exit 1; fi
exit 2
