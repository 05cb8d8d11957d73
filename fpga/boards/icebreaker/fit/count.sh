#!/usr/bin/env bash
# Cells of the UP5K sketch, block by block, from synthesis alone: count.sh   (needs yosys and awk)
# Prints LUTs, flip-flops, block RAMs, DSPs and SPRAMs of the core and of each stand-in. Nothing here is placed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
board=$(dirname "$here")
rtl=$here/../../../rtl
command -v yosys >/dev/null || { echo "count.sh: yosys is missing" >&2; exit 4; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

row() { # name, top, yosys commands that read it
  yosys -q -p "$3; synth_ice40 -device u -top $2; tee -q -o stat.txt stat"
  awk -v name="$1" '
    /SB_LUT4/ { lut = $NF } /SB_DFF/ { ff += $NF } /SB_RAM40/ { ram = $NF } /SB_MAC16/ { dsp = $NF } /SB_SPRAM/ { spram = $NF }
    END { printf "%-28s %6d %6d %4d %4d %4d\n", name, lut, ff, ram, dsp, spram }' stat.txt
}

printf '%-28s %6s %6s %4s %4s %4s\n' block LUT FF RAM DSP SPRAM
sources=$rtl/generated/hil_contract_pkg.sv
while read -r file; do
  case $file in '' | '#'* | generated/*) continue ;; esac
  own=$board/rtl/$(basename "$file")
  [ -f "$own" ] || sources="$sources $rtl/$file"
done < "$rtl/files.f"
while read -r file; do sources="$sources $board/$file"; done < "$board/files.f"
row core hil_core \
  "read_verilog -defer -sv -I$rtl -I$rtl/core $rtl/generated/hil_machine_icebreaker_pkg.sv $sources"
for file in "$here"/standins/*.sv; do
  top=$(basename "$file" .sv)
  row "$top" "$top" "read_verilog -sv $file"
done
