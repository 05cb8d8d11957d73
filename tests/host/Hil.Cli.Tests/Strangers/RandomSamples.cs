using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;

namespace Hil.Cli.Tests.Strangers;

/// <summary>A seeded <c>.npz</c> for a model's inputs: Gaussian numbers, ids below 20, and masks that leave a random length.</summary>
internal static class RandomSamples
{
    /// <summary>What a symbolic export is bound to.</summary>
    public const string Bind = "seq=10";

    private const int Samples = 16;

    private const long Length = 10;

    /// <returns>The path.</returns>
    public static string Write(string path, string model, bool isSymbolic)
    {
        OnnxModel read = InputBinding.Bind(OnnxModel.Load(model), isSymbolic ? new Dictionary<string, long> { ["seq"] = Length } : []);
        var random = new Random(1);
        var arrays = OnnxImporter.Import(read).ModelInputs.Select(input => NpyArray.Of(
            input.Name,
            [Samples, .. input.Shape.Skip(input.Shape[0] == 1 ? 1 : 0).Select(d => (int)d)],
            [.. Enumerable.Range(0, Samples).SelectMany(_ => Sample(input, random))]));
        File.WriteAllBytes(path, NpzFile.Write(arrays));
        return path;
    }

    private static IEnumerable<float> Sample(ModelInput input, Random random)
    {
        int length = random.Next(1, input.Count + 1);
        return [.. Enumerable.Range(0, input.Count).Select(i =>
            input.Name.Contains("mask", StringComparison.Ordinal) ? (i < length ? 1f : 0)
            : input.ElementType == 1 ? (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))
            : random.Next(input.Name.Contains("type", StringComparison.Ordinal) ? 2 : 20))];
    }
}
