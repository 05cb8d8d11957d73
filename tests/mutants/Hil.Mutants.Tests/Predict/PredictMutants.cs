using Hil.Predict;
using Hil.Predict.Tests;
using static Hil.Predict.WrongRule;

namespace Hil.Mutants.Tests.Predict;

/// <summary>Rules of Predict: each is found by the program that consists of little else.</summary>
internal static class PredictMutants
{
    private static readonly Lazy<WrongRulesAreFound.Cases> Cases = new();

    public static readonly Mutant[] All =
    [
        Of(FetchIsFree, "requantize-onto"), Of(NoPortTail, "short-loads"), Of(LatencyOncePerStep, "gemm-"), Of(NoShortestTile, "gemm-1x256x64"),
        Of(NoArrayFill, "gemm-"), Of(NoParameterCycles, "requantize-onto"), Of(AccumulateIsFree, "requantize-onto"),
        Of(NoBankConflicts, "add"), Of(OnePassPerRow, "layer-norm"), Of(EndlessQueues, "full-queue"), Of(NoWaits, "ping-pong"),
        Of(NoIssueCycle, "ping-pong"), Of(NoSteadyState, "gemm-"), Of(TransposeIsFree, "load-transposed"),
        Of(UnevenLoopsByTheirMean, "unlike-strips"), Of(NoBurstBetween, "long-load"),
    ];

    private static Mutant Of(WrongRule rule, string names) => new(
        "Predict", rule.ToString(),
        planted => Cases.Value.Beyond(planted ? rule : WrongRule.None) is { Count: > 0 } beyond ? string.Join("; ", beyond) : null, names);
}
