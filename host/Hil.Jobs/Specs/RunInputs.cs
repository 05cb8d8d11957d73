using Hil.Contract;

namespace Hil.Jobs.Specs;

/// <summary>The inputs of a run, as a person names them.</summary>
public static class RunInputs
{
    public const string ProgramExtension = ".hilp";

    /// <param name="model">A bundled model's name, an ONNX file, or a compiled program (.hilp).</param>
    /// <param name="data">Samples to run on; null: those of the bundled model, otherwise none.</param>
    /// <param name="calibration">Samples to set the ranges; null: those of the bundled model, otherwise none.</param>
    /// <param name="machine">A bundled machine's name or a machine file.</param>
    /// <param name="baseline">A model to compare with; null: none.</param>
    /// <param name="reference">The model that a program was compiled from; null: none.</param>
    public static IReadOnlyDictionary<string, InputSource> Of(
        string model, string? data, string? calibration, string machine, string? baseline = null, string? reference = null)
    {
        var inputs = new Dictionary<string, InputSource> { [JobSpec.Machine] = InputSource.FromMachine(machine) };
        if (BundledModel.Find(model) is { } bundled)
        {
            bundled.Present();
            (model, data, calibration) = (bundled.Model, data ?? bundled.Data, calibration ?? bundled.Calibration);
        }
        else if (!File.Exists(model))
        {
            throw new HilException(ExitKind.BadInput, "there is no such model.", model,
                $"Give an ONNX file, a program ({ProgramExtension}), or a bundled model: "
                + $"{string.Join(", ", BundledModel.All.Select(m => m.Name))}.");
        }

        bool isProgram = model.EndsWith(ProgramExtension, StringComparison.OrdinalIgnoreCase);
        inputs[isProgram ? JobSpec.Program : JobSpec.Model] = InputSource.FromFile(model);
        if (data is not null)
        {
            inputs[JobSpec.Data] = InputSource.FromFile(data);
        }

        if (calibration is not null && !isProgram)
        {
            inputs[JobSpec.Calibration] = InputSource.FromFile(calibration);
        }

        if (baseline is not null)
        {
            inputs[JobSpec.Baseline] = InputSource.FromFile(BundledModel.Find(baseline)?.Present().Model ?? baseline);
        }

        if (reference is not null)
        {
            inputs[JobSpec.Reference] = InputSource.FromFile(BundledModel.Find(reference)?.Present().Model ?? reference);
        }

        return inputs;
    }
}
