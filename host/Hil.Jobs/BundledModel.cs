using Hil.Contract;

namespace Hil.Jobs;

/// <summary>A model that comes with the program, known to every verb by its name.</summary>
public sealed record BundledModel(string Name, string Model, string PrunedModel, string Data, string Calibration)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "models");

    public static readonly BundledModel SpokenDigits = In("spoken-digits");

    public static readonly IReadOnlyList<BundledModel> All = [SpokenDigits];

    /// <summary>The bundled model of this name, or null.</summary>
    public static BundledModel? Find(string name) => All.FirstOrDefault(m => m.Name == name);

    /// <exception cref="HilException">The program was copied without its models.</exception>
    public BundledModel Present() =>
        new[] { Model, PrunedModel, Data, Calibration }.FirstOrDefault(f => !File.Exists(f)) is { } missing
            ? throw new HilException(ExitKind.BadInput, "a file of the bundled model is missing.", missing,
                "Install the program again, or start it by the `hil` launcher of a clone of the repository.")
            : this;

    private static BundledModel In(string name)
    {
        string File(string file) => Path.Combine(Folder, name, file);
        return new BundledModel(
            name, File("digits.onnx"), File("digits_block50.onnx"), File("eval.npz"), File("calib.npz"));
    }
}
