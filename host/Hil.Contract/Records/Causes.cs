using Hil.Contract.Isa;

namespace Hil.Contract.Records;

/// <summary>
/// The names under which cycles are accounted for, in predictions and measurements alike. Each cycle has one cause: the first of
/// compute, vector, load, store that executes in it; else what the next instruction to start was waiting for.
/// </summary>
public static class Causes
{
    public const string Compute = "compute";

    /// <summary>The vector unit executes, and the array does not.</summary>
    public const string Vector = "vector";

    /// <summary>Load executes, and neither array nor vector unit do.</summary>
    public const string Load = "load";

    /// <summary>Store executes, and nothing else.</summary>
    public const string Store = "store";

    /// <summary>Nothing executes but a port instruction that waits for the port.</summary>
    public const string PortWait = "port wait";

    /// <summary>Nothing executes, because the next instruction is not fetched or dispatched yet.</summary>
    public const string Fetch = "fetch";

    /// <summary>From START to the first execution.</summary>
    public const string Fill = "fill";

    /// <summary>From the last retirement to DONE.</summary>
    public const string Drain = "drain";

    private const string TokenPrefix = "token ";

    /// <summary>Nothing executes between the retirement of one instruction and the execution of the one that follows it: issue and token.</summary>
    public static string Token(Unit from, Unit to) => $"{TokenPrefix}{Name(from)} > {Name(to)}";

    public static string Name(Unit unit) => unit switch
    {
        Unit.Load => Load,
        Unit.Compute => Compute,
        Unit.Vector => Vector,
        Unit.Store => Store,
        _ => "control",
    };
}
