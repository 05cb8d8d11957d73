using Hil.Contract.Isa;
using Hil.Contract.Records;

namespace Hil.Reconcile.Files;

/// <summary>A prediction as JSON.</summary>
public static class PredictionFile
{
    private const string What = "prediction";

    public static void Save(string path, Prediction prediction) => StrictJson.Save(path, prediction);

    /// <summary>The bytes that <see cref="Save"/> writes.</summary>
    public static byte[] Bytes(Prediction prediction) => StrictJson.Bytes(prediction);

    /// <exception cref="Hil.Contract.HilException">BadInput.</exception>
    public static Prediction Load(string path) => StrictJson.Load<Prediction>(path, What, Check);

    /// <exception cref="Hil.Contract.HilException">BadInput, naming <paramref name="where"/>.</exception>
    public static Prediction Parse(Stream stream, string where) => StrictJson.Parse<Prediction>(stream, where, What, Check);

    private static void Check(Prediction prediction)
    {
        Must(prediction.Schema == Prediction.CurrentSchema, $"schema is '{prediction.Schema}', not '{Prediction.CurrentSchema}'");
        Must(Sound(prediction.Cycles) && Sound(prediction.EnergyMicrojoules), "a total is not a number of cycles or microjoules");
        // The reader looks at no elements of lists.
        Must(prediction.Layers.All(l => (object?)l is not null), "a layer is null");
        foreach (LayerPrediction layer in prediction.Layers)
        {
            Must(Sound(layer.Cycles) && Sound(layer.EnergyMicrojoules) && layer.Macs >= 0, $"layer {layer.Name}: a figure is negative or no number");
            Must(layer.Busy.Count == Units.Count && layer.Busy.All(Sound), $"layer {layer.Name}: busy needs {Units.Count} figures");
            Must(layer.Causes.Values.All(Sound), $"layer {layer.Name}: a cause is negative or no number");
            Must(Near(layer.Causes.Values.Sum(), layer.Cycles), $"layer {layer.Name}: the causes do not add up to its cycles");
        }

        Must(Near(prediction.Layers.Sum(l => l.Cycles), prediction.Cycles), "the layers do not add up to the total");
    }

    private static bool Sound(double value) => double.IsFinite(value) && value >= 0 && value < 1e18;

    private static bool Near(double a, double b) => Math.Abs(a - b) <= 0.5 + (1e-6 * Math.Max(a, b));

    private static void Must(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
