namespace Hil.Jobs.Steps;

/// <summary>What the files that a job makes are called.</summary>
public static class ArtefactNames
{
    /// <summary>Before the names of what belongs to the model that is compared with.</summary>
    public const string BaselinePrefix = "baseline-";

    public const string PrunedModel = "pruned.onnx";
    public const string ExportedModel = "model.qdq.onnx";
    public const string QuantizedGraph = "quantized.json";
    public const string Program = "program.hilp";
    public const string Prediction = "prediction.json";
    public const string Measurement = "measurement.json";
    public const string Trace = "trace.txt";
    public const string Waves = "waves.fst";
    public const string Toggles = "toggles.json";
    public const string Outcomes = "outcomes.npz";
    public const string Result = "result.json";
    public const string Report = "report.html";
}
