#!/usr/bin/env bash
# The serial vector unit on the UP5K by synthesis, and its cells packed.   (needs yosys, nextpnr-ice40 and awk)
# The machine is icebreaker with the unit's cycles and memories. Nothing is placed: a unit alone has more wires than the chip has pins.
# Exit code 4 if a tool is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$here/../../../rtl" && pwd)
board=$(cd "$here/../rtl" && pwd)
for tool in yosys nextpnr-ice40 awk; do
  command -v "$tool" > /dev/null || { echo "vector.sh: $tool is missing" >&2; exit 4; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
code=$rtl/generated/hil_vector_code_pkg.sv
value() { sed -n "s/.*int unsigned $1 = \([0-9]*\);.*/\1/p" "$code"; }
cp "$rtl/generated/hil_machine_icebreaker_pkg.sv" machine.sv
for key in RoundCycles StatisticsCycles LineCycles StartCycles NormCycles DivideCycles; do
  sed -i "s/int unsigned $key = [0-9]*;/int unsigned $key = $(value $key);/" machine.sv
done
sed -i "s/int unsigned ParameterEntries = [0-9]*;/int unsigned ParameterEntries = $(value Entries);/; \
  s/int unsigned RowScaleEntries = [0-9]*;/int unsigned RowScaleEntries = $(value RowScales);/" machine.sv
sources=$(for file in "$rtl"/vector_serial/*.sv; do [ -f "$board/$(basename "$file")" ] || echo "$file"; done)
top=hil_vector_serial
yosys -q -p "read_verilog -defer -sv -I$rtl -I$rtl/core machine.sv $rtl/generated/hil_contract_pkg.sv $code \
      $rtl/memory/hil_ram_1r1w.sv $rtl/vector/hil_tables.sv $(echo $sources) $board/hil_serial_multiply.sv $board/hil_product.sv; \
    synth_ice40 -device u -top $top -json $top.json; tee -q -o stat.txt stat" > /dev/null
awk -v name="$top" '
    /SB_LUT4/ { lut = $NF } /SB_DFF/ { ff += $NF } /SB_RAM40/ { ram = $NF } /SB_MAC16/ { dsp = $NF }
    END { printf "%-24s LUT %4d, flip-flops %4d, block RAM %2d, DSP %d\n", name, lut, ff, ram, dsp }' stat.txt
nextpnr-ice40 -q --up5k --package sg48 --json hil_vector_serial.json --pack-only --log pack.log 2> /dev/null
awk '/ICESTORM_LC:/ { split($0, part, /[:\/]/); print "packed: " part[3] + 0 " cells" }' pack.log
