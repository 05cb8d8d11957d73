using Hil.Contract.Isa;
using Hil.Contract.Records;

namespace Hil.Reconcile.Files;

/// <summary>A measurement as JSON.</summary>
public static class MeasurementFile
{
    private const string What = "measurement";

    public static void Save(string path, Measurement measurement) => StrictJson.Save(path, measurement);

    /// <summary>The bytes that <see cref="Save"/> writes.</summary>
    public static byte[] Bytes(Measurement measurement) => StrictJson.Bytes(measurement);

    /// <exception cref="Hil.Contract.HilException">BadInput.</exception>
    public static Measurement Load(string path) => StrictJson.Load<Measurement>(path, What, Check);

    /// <exception cref="Hil.Contract.HilException">BadInput, naming <paramref name="where"/>.</exception>
    public static Measurement Parse(Stream stream, string where) => StrictJson.Parse<Measurement>(stream, where, What, Check);

    private static void Check(Measurement measurement)
    {
        Must(measurement.Schema == Measurement.CurrentSchema, $"schema is '{measurement.Schema}', not '{Measurement.CurrentSchema}'");
        Must(measurement.Provenance != Provenance.Predicted, "a prediction is no measurement");
        Must(measurement.EnergyMicrojoules is null or (>= 0 and < 1e18), "the energy is negative or no number");
        Counters c = measurement.Counters;
        Must(Units4(c.Busy) && Units4(c.Issue) && Units4(c.Idle) && Units4(c.PortWait) && Units4(c.DispatchFull) && Units4(c.Retired)
            && c.Stall.Count == Units.Count * Units.Count, "a counter has not one figure for each unit");
        Must(c.Named().All(n => n.Value is >= 0 and < 1L << 60), "a counter is negative or absurd");
        // The reader looks at no elements of lists.
        Must(measurement.Layers.All(l => (object?)l is not null), "a layer is null");
        foreach (LayerCycles layer in measurement.Layers)
        {
            Must(layer.Cycles is >= 0 and < 1L << 60 && layer.Macs is >= 0 and < 1L << 60 && Units4(layer.Busy)
                && layer.Busy.All(b => b is >= 0 and < 1L << 60), $"layer {layer.Name}: a figure is negative or missing");
        }

        Must(measurement.Trap.Reason != TrapReason.None || measurement.Layers.Sum(l => (decimal)l.Cycles) == c.Cycles,
            "the layers do not add up to the cycles");
        var free = new long[Units.Count + 1];
        Array.Fill(free, -1);
        foreach (Retirement r in measurement.Trace.OrderBy(r => r.Start))
        {
            Must(r.Start >= 0 && r.Retire >= r.Start && r.Retire < Math.Max(1, c.Cycles), $"instruction {r.Index} starts or retires outside the run");
            Must(r.Start > free[(int)r.Unit], $"instruction {r.Index} starts before {r.Unit} is free");
            free[(int)r.Unit] = r.Retire;
        }
    }

    private static bool Units4(IReadOnlyList<long> figures) => figures.Count == Units.Count;

    private static void Must(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
