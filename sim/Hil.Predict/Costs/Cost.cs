namespace Hil.Predict.Costs;

/// <summary>How long a step works: so many cycles, and of a port step when its bursts end.</summary>
/// <param name="Port">Whether it works by bursts on the port.</param>
/// <param name="Cycles">Duration; of a port step the cycles on the port.</param>
internal readonly record struct Cost(bool Port, double Cycles, BurstPattern Bursts);

/// <summary>When the bursts of a port step end, in cycles of its own work on the port.</summary>
internal readonly record struct BurstPattern(double First, double Whole, double All)
{
    /// <summary>Fractions of a cycle that are rounding.</summary>
    private const double Rounding = 1e-7;

    public static BurstPattern Single(double cycles) => new(cycles, cycles, cycles);

    /// <summary>The first end of a burst that is not before so many cycles of port work; all of it if that is the last.</summary>
    public double EndFrom(double worked)
    {
        double end = worked <= First ? First : First + (Math.Ceiling((worked - First - Rounding) / Whole) * Whole);
        return Math.Min(end, All);
    }
}
