#!/bin/sh
# Tries to prove that a planted fault changes nothing.
# usage: prove.sh FOLDER NUMBER, FOLDER that of a library built with "mutants", NUMBER the fault's line in mutants.tsv.
# Both cores, with the fault and without, start a cycle from equal registers and equal outputs of their memories, whatever these are, with equal
# inputs. Proved if all outputs, all next values of registers and all that the memories are asked are then equal (ram_ports.v): exit 0.
# Exit 3: they can differ, perhaps only in states that are never reached. Exit 1: it could not be tried.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
number=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# The clock of every register is the one clock, so a register is its next value. Names are given before the core is copied: both have the same.
cat > "$work/prove.ys" <<END
read_rtlil $folder/core.il
script $work/plant.ys
delete =hil_ram_1r1w =hil_ram_1rw
read_verilog -sv $here/ram_ports.v
hierarchy -top hil_core
proc
flatten
memory -nomap
memory_map
setundef -zero -undriven
dffunmap
simplemap t:\$dff
opt_clean
splitnets
rename -enumerate -pattern net_%
expose -dff -evert-dff
opt_clean
select -assert-none t:\$dff t:\$_DFF_P_ t:\$_DFF_N_
delete -input w:mutation_i
copy hil_core faulty
cd hil_core
connect -set mutation_i 9'd0
cd faulty
connect -set mutation_i 9'd$number
cd ..
miter -equiv -flatten hil_core faulty both
hierarchy -top both
opt -full
sat -timeout 300 -prove trigger 0 both
END
sed -n "${number}p" "$folder/mutants.ys" > "$work/plant.ys"
yosys -q -l "$work/log" "$work/prove.ys" > /dev/null 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
if grep -q '^SAT proof finished - no model found: SUCCESS!' "$work/log"; then exit 0; fi
if grep -q '^SAT proof finished - model found: FAIL!' "$work/log"; then exit 3; fi
tail -n 20 "$work/log" >&2
exit 1
