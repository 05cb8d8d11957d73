namespace Hil.Contract.Records;

/// <summary>The same shape as a measurement, made before anything runs. All energies are predicted.</summary>
public sealed record Prediction(
    string Schema,
    string Program,
    string ProgramHash,
    string Machine,
    string MachineHash,
    string ContractHash,
    double Cycles,
    IReadOnlyList<LayerPrediction> Layers,
    double EnergyMicrojoules,
    string EnergySource)
{
    public const string CurrentSchema = "hil.prediction/1";
}

/// <param name="Busy">Predicted busy cycles by unit.</param>
/// <param name="Causes">Predicted cycles of the layer by cause: compute, load, vector, store, fill, wait ...; they add up to Cycles.</param>
public sealed record LayerPrediction(
    string Name, string Kind, double Cycles, IReadOnlyList<double> Busy, IReadOnlyDictionary<string, double> Causes, string Bound, long Macs, double EnergyMicrojoules);
