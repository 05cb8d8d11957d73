namespace Hil.Reconcile;

/// <summary>Holds a run's figures against its limits.</summary>
internal static class Gates
{
    /// <summary>One result for each limit that is set; a figure that the run does not have fails its gate.</summary>
    public static IReadOnlyList<GateResult> Of(ReconcileExtras extras, double errorPercent, long cycles, double energyMicrojoules)
    {
        ReconcileGates limits = extras.Gates;
        var gates = new List<GateResult>();
        AtMost("maxCycleErrorPercent", limits.MaxCycleErrorPercent, Math.Abs(errorPercent));
        AtMost("maxQualityLoss", limits.MaxQualityLoss, extras.Quality?.Loss);
        AtLeast("minAgreement", limits.MinAgreement, extras.Quality?.Agreement);
        AtLeast("minSqnrDb", limits.MinSqnrDb, extras.Quality?.SqnrDb);
        AtMost("maxCycles", limits.MaxCycles, cycles);
        AtMost("maxMilliseconds", limits.MaxMilliseconds, extras.Machine is { ClockHz: > 0 } m ? cycles * 1000.0 / m.ClockHz : null);
        AtMost("maxEnergyMicrojoules", limits.MaxEnergyMicrojoules, energyMicrojoules);
        return gates;

        void AtMost(string name, double? limit, double? value)
        {
            if (limit is { } l)
            {
                gates.Add(new GateResult(name, l, value ?? double.NaN, value <= l));
            }
        }

        void AtLeast(string name, double? limit, double? value)
        {
            if (limit is { } l)
            {
                gates.Add(new GateResult(name, l, value ?? double.NaN, value >= l, AtLeast: true));
            }
        }
    }
}
