namespace Hil.Predict;

/// <summary>How a prediction is made; the defaults are right, everything else is for tests.</summary>
/// <param name="Rule">A rule to get wrong, so that tests can show that they would notice.</param>
public sealed record PredictOptions(WrongRule Rule = WrongRule.None)
{
    public static readonly PredictOptions Default = new();
}

/// <summary>Rules of docs/timing.md that can be got wrong on purpose.</summary>
public enum WrongRule
{
    None,

    /// <summary>Instruction fetch costs no port time.</summary>
    FetchIsFree,

    /// <summary>The two cycles after the last burst are forgotten.</summary>
    NoPortTail,

    /// <summary>Each port step pays latency once, however many bursts it takes.</summary>
    LatencyOncePerStep,

    /// <summary>A tile takes as many cycles as it has rows, however few.</summary>
    NoShortestTile,

    /// <summary>A strip has no filling and emptying of the array.</summary>
    NoArrayFill,

    /// <summary>Requantization per column reads its parameters in no time.</summary>
    NoParameterCycles,

    /// <summary>Requantization onto the stream does not read the stream.</summary>
    AccumulateIsFree,

    /// <summary>Operands of the vector unit never share a bank.</summary>
    NoBankConflicts,

    /// <summary>Layer norm and softmax pass over a row once.</summary>
    OnePassPerRow,

    /// <summary>Queues have no end.</summary>
    EndlessQueues,

    /// <summary>Steps of different units never wait for one another.</summary>
    NoWaits,

    /// <summary>An instruction starts in the cycle in which what it waited for ended.</summary>
    NoIssueCycle,

    /// <summary>Iterations that are not evaluated are forgotten.</summary>
    NoSteadyState,

    /// <summary>Transposed dynamic weights take as long as straight ones.</summary>
    TransposeIsFree,

    /// <summary>A loop whose iterations differ is one of mean iterations.</summary>
    UnevenLoopsByTheirMean,

    /// <summary>A port step keeps the port until its last burst, whoever asks.</summary>
    NoBurstBetween,
}
