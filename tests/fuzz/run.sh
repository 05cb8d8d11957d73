#!/usr/bin/env bash
# Coverage-guided fuzzing of one parser: run.sh TARGET [SECONDS]   (600 seconds by default); `./hil test --full` runs it for every parser.
# Needs afl++ (Debian: afl++); SharpFuzz's tool comes from the registry. What was run and found is in artifacts/fuzz/TARGET/default
# (fuzzer_stats, crashes, hangs); add each finding, once mended, to corpus/TARGET. Ends with 1 if there is one; self_test.sh proves it.
# HIL_FUZZ_OUT: another folder instead of TARGET's.
set -euo pipefail
cd "$(dirname "$0")"
target=${1:?a target: $(ls corpus | tr '\n' ' ')}
seconds=${2:-600}
[ -d "corpus/$target" ] || { echo "run.sh: no target $target; there are: $(ls corpus | tr '\n' ' ')" >&2; exit 2; }
command -v afl-fuzz > /dev/null || { echo "run.sh: afl-fuzz is missing (Debian: afl++)" >&2; exit 4; }
dotnet=${HIL_DOTNET:-dotnet}
out=$(mkdir -p ../../artifacts/fuzz && cd ../../artifacts/fuzz && pwd)

# One instrumented program for all targets, made anew when it was built anew; a lock, for targets run side by side.
prepare() {
  "$dotnet" tool restore > "$out/prepare.log"
  "$dotnet" build Hil.Fuzz -c Release -v q --nologo >> "$out/prepare.log"
  if [ -f "$out/bin/made" ] && [ -z "$(find Hil.Fuzz/bin/Release -name '*.dll' -newer "$out/bin/made" -print -quit)" ]; then return; fi
  rm -rf "$out/bin"
  "$dotnet" publish Hil.Fuzz -c Release --no-build -v q --nologo -o "$out/bin" >> "$out/prepare.log"
  for assembly in Hil.Contract Hil.Models Hil.Jobs Hil.Reconcile Google.Protobuf; do "$dotnet" sharpfuzz "$out/bin/$assembly.dll"; done
  touch "$out/bin/made"
}
exec 9> "$out/prepare.lock"
flock 9
prepare || { cat "$out/prepare.log" >&2; echo "run.sh: the instrumented program could not be made" >&2; exit 4; }
exec 9>&-

kept=${HIL_FUZZ_OUT:-$target}
rm -rf "${out:?}/$kept"
# A finding is an exception that is no refusal (it aborts) or twenty seconds without an answer. A sealed target's checksum is mended by itself.
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_FORKSRV_INIT_TMOUT=60000
afl-fuzz -V "$seconds" -t 20000 -m none -i "corpus/$target" -o "$out/$kept" -- "$dotnet" "$out/bin/hil-fuzz.dll" "$target" --afl \
  > "$out/$kept.log" 2>&1 || { tail -20 "$out/$kept.log" >&2; exit 4; }
stats() { sed -n "s/^$1 *: *//p" "$out/$kept/default/fuzzer_stats"; }
echo "$target: $(stats run_time) s, $(stats execs_done) executions, $(stats corpus_count) inputs kept, $(stats edges_found) edges," \
  "$(stats saved_crashes) crashes, $(stats saved_hangs) hangs"
[ "$(stats execs_done)" -gt 0 ] && [ "$(stats saved_crashes)" -eq 0 ] && [ "$(stats saved_hangs)" -eq 0 ]
