#!/usr/bin/env bash
# The fit sketch of the iCEBreaker: synthesise, place, route, and say what it takes and how fast it is.
# usage: fit.sh [-c] [-o FOLDER] [SEED ...]      (seeds 1 to 5 unless given; needs yosys, nextpnr-ice40 and python3)
# The sketch is hil_fit_top, the whole chip with its stand-ins; with -c also hil_fit_core_top, the core alone. What packs into more cells than the
# chip has is not placed. FOLDER (default: build/fit in the repository) gets fit.json and fit.md, and the tools' logs. The results are not for loading.
# Exit code: 0 if the whole places, has every block and makes its clock with 10 % to spare on at least three of five seeds (or all, if fewer
# are asked for), 1 if not, 4 if a tool is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
board=$(dirname "$here")
rtl=$(cd "$here/../../../rtl" && pwd)
out=$(cd "$here/../../../.." && pwd)/build/fit
tops=(hil_fit_top)
if [ "${1:-}" = -c ]; then tops+=(hil_fit_core_top); shift; fi
if [ "${1:-}" = -o ]; then out=$2; shift 2; fi
seeds=("$@")
[ ${#seeds[@]} -gt 0 ] || seeds=(1 2 3 4 5)
for tool in yosys nextpnr-ice40 python3; do
  command -v "$tool" > /dev/null || { echo "fit.sh: $tool is missing" >&2; exit 4; }
done
mkdir -p "$out"
cd "$out"
rm -f ./*.json ./*.log

# The board's versions of some modules replace the general ones.
sources=$rtl/generated/hil_contract_pkg.sv
while read -r file; do
  case $file in '' | '#'* | generated/*) continue ;; esac
  [ -f "$board/rtl/$(basename "$file")" ] || sources="$sources $rtl/$file"
done < "$rtl/files.f"
while read -r file; do sources="$sources $board/$file"; done < "$board/files.f"

# Each block is mapped on its own, so that its cells can be told apart in the placed netlist.
blocks="*hil_core* *hil_fit_serial_core* *hil_fit_uart_link* *hil_fit_peripherals* *hil_fit_qspi*"
next() { nextpnr-ice40 -q --up5k --package sg48 --freq 24 --timing-allow-fail --pcf "$here/fit.pcf" --pcf-allow-unconstrained --json "$top.json" "$@" 2> /dev/null; }
for top in "${tops[@]}"; do
  yosys -q -l "$top-yosys.log" -p "read_verilog -defer -sv -I$rtl -I$rtl/core $rtl/generated/hil_machine_icebreaker_pkg.sv $sources \
      $here/standins/*.sv $here/$top.sv; synth_ice40 -device u -top $top -run begin:flatten; setattr -mod -set keep_hierarchy 1 $blocks; \
    synth_ice40 -device u -top $top -run flatten:; setattr -mod -unset keep_hierarchy $blocks; flatten; opt_clean; \
    tee -q -o $top-synthesis.txt stat; write_json $top.json" > /dev/null
  next --pack-only --log "$top-pack.log" --write "$top-packed.json" || true
  awk '/ICESTORM_LC:/ { split($0, part, /[:\/]/); exit !(part[3] + 0 <= part[4] + 0) }' "$top-pack.log" || continue
  for seed in "${seeds[@]}"; do
    next --seed "$seed" --report "$top-report-$seed.json" --write "$top-placed-$seed.json" --log "$top-$seed.log" \
      || rm -f "$top-report-$seed.json" "$top-placed-$seed.json"
  done
done
python3 "$here/summary.py" . "${seeds[@]}"
