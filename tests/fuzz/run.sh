#!/usr/bin/env bash
# Coverage-guided fuzzing of one parser: run.sh TARGET [SECONDS]   (600 seconds by default)
# Needs afl++ (Debian: afl++) and the tool of SharpFuzz (dotnet tool install --global SharpFuzz.CommandLine). Findings are put into
# artifacts/fuzz/TARGET/default/crashes; add each, once mended, to corpus/TARGET.
set -euo pipefail
cd "$(dirname "$0")"
target=${1:?a target: onnx npz hilp machine job measurement prediction quantized}
seconds=${2:-600}
for tool in afl-fuzz sharpfuzz dotnet; do
  command -v "$tool" >/dev/null || { echo "run.sh: $tool is missing (see the head of this file)" >&2; exit 4; }
done
out=../../artifacts/fuzz
dotnet publish Hil.Fuzz -c Release -v q --nologo -o "$out/bin"
for assembly in Hil.Contract Hil.Models Hil.Jobs Hil.Reconcile; do sharpfuzz "$out/bin/$assembly.dll"; done
AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_BENCH_UNTIL_CRASH=0 \
  afl-fuzz -V "$seconds" -t 20000 -m none -i "corpus/$target" -o "$out/$target" -- dotnet "$out/bin/hil-fuzz.dll" "$target" --afl
found=$(find "$out/$target/default/crashes" -type f -name 'id*' | wc -l)
echo "$target: $found crashes"
[ "$found" -eq 0 ]
