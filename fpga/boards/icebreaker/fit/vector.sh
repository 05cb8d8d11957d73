#!/usr/bin/env bash
# Cells of the serial vector unit's sketch on the UP5K, packed, and of its blocks by synthesis.   (needs yosys, nextpnr-ice40 and awk)
# Nothing is placed: a unit alone has more wires than the chip has pins. Exit code 4 if a tool is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$here/../../../rtl" && pwd)
for tool in yosys nextpnr-ice40 awk; do
  command -v "$tool" > /dev/null || { echo "vector.sh: $tool is missing" >&2; exit 4; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for top in hil_serial_scale hil_serial_round hil_serial_accumulate hil_serial_adder hil_row_scale hil_serial_vector; do
  yosys -q -p "read_verilog -defer -sv -I$rtl -I$rtl/core $rtl/generated/hil_machine_icebreaker_pkg.sv $rtl/generated/hil_contract_pkg.sv \
      $rtl/memory/hil_ram_1r1w.sv $rtl/vector/hil_row_scale.sv $here/vector_serial/*.sv; hierarchy -check -top $top; proc; check -assert; \
    synth_ice40 -device u -dsp -top $top -json $top.json; tee -q -o stat.txt stat" > /dev/null
  awk -v name="$top" '
    /SB_LUT4/ { lut = $NF } /SB_DFF/ { ff += $NF } /SB_RAM40/ { ram = $NF } /SB_MAC16/ { dsp = $NF }
    END { printf "%-24s LUT %4d, flip-flops %4d, block RAM %2d, DSP %d\n", name, lut, ff, ram, dsp }' stat.txt
done
nextpnr-ice40 -q --up5k --package sg48 --json hil_serial_vector.json --pack-only --log pack.log
awk '/ICESTORM_LC:/ { split($0, part, /[:\/]/); print "packed: " part[3] + 0 " cells" }' pack.log
