namespace Hil.Contract.Records;

/// <summary>Cycles of a segment, both ends included, counted as in docs/timing.md: 0 is the first after START.</summary>
public sealed record CycleWindow(long From, long To)
{
    private const long Margin = 20;

    /// <summary>Longer ones are cut to their end: a waveform of all of it would be too large to look at.</summary>
    private const long Longest = 20_000;

    /// <summary>A window with some cycles before and after.</summary>
    public static CycleWindow Around(long from, long to) =>
        new(Math.Max(0, Math.Max(from - Margin, to - Longest)), to + Margin);
}
