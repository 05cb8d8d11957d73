#!/usr/bin/env bash
# Proves that a fuzzing run finds what it looks for: with a planted defect (FuzzTarget.PlantVariable), run.sh must end with 1 and keep an input
# that fails with the defect and is answered without it. self_test.sh [SECONDS]   (at most; it ends with the first finding)
set -euo pipefail
cd "$(dirname "$0")"
target=measurement
seconds=${1:-300}
dotnet=${HIL_DOTNET:-dotnet}
out=../../artifacts/fuzz
code=0
HIL_FUZZ_PLANT=1 HIL_FUZZ_OUT=planted-$target AFL_BENCH_UNTIL_CRASH=1 ./run.sh "$target" "$seconds" || code=$?
fail() { echo "self_test.sh: $1" >&2; exit 1; }
[ "$code" -eq 1 ] || fail "run.sh ended with $code instead of 1: the planted defect was not found"
finding=$(find "$out/planted-$target/default/crashes" -name 'id:*' | head -1)
[ -n "$finding" ] || fail "run.sh kept no input of the planted defect"
# The instrumented program runs only under the fuzzer; this one answers a file.
answer() { "$dotnet" Hil.Fuzz/bin/Release/net10.0/hil-fuzz.dll "$target" "$finding"; }
if HIL_FUZZ_PLANT=1 answer > "$out/planted.log" 2>&1; then fail "$finding does not fail with the planted defect"; fi
grep -q "The planted defect" "$out/planted.log" || fail "$finding fails otherwise, see $out/planted.log"
answer > /dev/null || fail "$finding fails without the planted defect"
echo "self_test.sh: found and kept: $(basename "$finding")"
