#!/usr/bin/env bash
# The rest of the way for the ULX3S-85F, from the netlist that `hil build ulx3s-85f` wrote. NEVER RUN: nextpnr-ecp5 and ecppack were not at hand.
# usage: build.sh NETLIST.json [SEED]      (needs nextpnr-ecp5 and ecppack of Project Trellis; writes ulx3s-85f.bit beside the netlist)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
netlist=$1
out=$(dirname "$netlist")
nextpnr-ecp5 --85k --package CABGA381 --speed 6 --seed "${2:-1}" --json "$netlist" --lpf "$here/ulx3s.lpf" --textcfg "$out/ulx3s-85f.config" \
  --report "$out/report.json"
ecppack --compress "$out/ulx3s-85f.config" "$out/ulx3s-85f.bit"
