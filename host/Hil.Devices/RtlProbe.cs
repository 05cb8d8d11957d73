using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices.Coverage;
using Hil.Devices.Lockstep;
using Hil.Emulator.Functional;

namespace Hil.Devices;

/// <summary>Looks at one sample on the RTL as a <see cref="Probe"/> asks.</summary>
internal sealed class RtlProbe(Machine machine, ProgramImage program, DeviceSample sample)
{
    private const uint PoisonSeed = 1;
    private const long CyclesAtOnce = 1_000_000;

    public Probed Look(Probe probe, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("hil-probe-").FullName;
        try
        {
            string waves = Path.Combine(folder, "waves.fst");
            string? trace = null;
            int? alike = null;
            if (probe.Lockstep)
            {
                using var rtl = new RtlSimulation(machine);
                LockstepResult result = new LockstepRun(machine, program, sample.Inputs, PoisonSeed).Run(rtl, waves, cancellationToken);
                (trace, alike) = (Text(result.Lines), result.Lines.Count);
                if (result.Difference is { } difference)
                {
                    return new Probed(alike, probe.Trace ? trace : null, File.ReadAllBytes(waves))
                    {
                        Difference = difference with { Waves = null },
                    };
                }
            }

            if (probe.Trace) trace ??= Text(Lines(cancellationToken));
            ReadOnlyMemory<byte>? recorded = null;
            if (probe.Waves is { } window)
            {
                Record(window, waves, cancellationToken);
                recorded = File.ReadAllBytes(waves);
            }

            return new Probed(alike, probe.Trace ? trace : null, recorded, probe.Toggles ? Toggles(cancellationToken) : null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static string Text(IEnumerable<TraceLine> lines) =>
        string.Join('\n', lines.Select(l => l.ToString()).Prepend(TraceLine.Header)) + "\n";

    private RtlTrace Start(RtlSimulation rtl)
    {
        var trace = new RtlTrace(rtl, program, sample.Inputs, new InitialMemories(machine, PoisonSeed));
        trace.Start();
        return trace;
    }

    private List<TraceLine> Lines(CancellationToken cancellationToken)
    {
        using var rtl = new RtlSimulation(machine);
        RtlTrace trace = Start(rtl);
        var lines = new List<TraceLine>();
        while (trace.Next(long.MaxValue - 1) is { } line)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lines.Add(line);
        }

        return lines;
    }

    private ToggleCounts Toggles(CancellationToken cancellationToken)
    {
        using var rtl = new RtlSimulation(machine, RtlModel.Toggles);
        rtl.ClearCoverage();
        Start(rtl);
        while (!rtl.Run(CyclesAtOnce)) cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<CoveragePoint> points = rtl.Coverage();
        return ToggleCounts.Of(rtl.Counters().Cycles, points);
    }

    private void Record(CycleWindow window, string path, CancellationToken cancellationToken)
    {
        using var rtl = new RtlSimulation(machine, RtlModel.Waves);
        rtl.OpenWaves(path, window);
        Start(rtl);
        while (rtl.Now <= window.To && !rtl.Run(Math.Min(CyclesAtOnce, window.To + 1 - rtl.Now))) cancellationToken.ThrowIfCancellationRequested();
        rtl.CloseWaves();
    }
}
