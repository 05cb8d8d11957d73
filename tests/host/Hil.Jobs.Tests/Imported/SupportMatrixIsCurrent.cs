using System.Globalization;
using System.Text.RegularExpressions;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Models.Data;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Hil.Jobs.Tests.Imported;

/// <summary>docs/support-matrix.md says what these models do today. With HIL_REGENERATE=1 the tests write it instead of comparing.</summary>
public sealed partial class SupportMatrixIsCurrent
{
    private static readonly string Optimizer = $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";

    private static readonly (string Writer, GraphOptimizationLevel? Level)[] Writers =
    [
        ("PyTorch 1.13, TorchScript", null),
        ($"the same, {Optimizer} basic", GraphOptimizationLevel.ORT_ENABLE_BASIC),
        ($"the same, {Optimizer} extended", GraphOptimizationLevel.ORT_ENABLE_EXTENDED),
        ($"the same, {Optimizer} all", GraphOptimizationLevel.ORT_ENABLE_ALL),
    ];

    [Fact]
    public void For_the_exports_of_the_repository()
    {
        var rows = new List<string>();
        foreach (string name in ImportedModel.Exports)
        {
            foreach ((string writer, GraphOptimizationLevel? level) in Writers)
                rows.Add(Row(writer, name, () => level is null ? ImportedModel.Export(name) : ImportedModel.Optimized(name, level.Value)));
        }

        Check("Exports of the repository", rows);
    }

    [Fact]
    public void For_what_was_put_together_by_hand() =>
        Check("Made by hand", [.. HandMadeModels.All.Concat(FusedModels.All).Select(m => Row(m.Writer, m.Name, m.Read))]);

    [Fact]
    public void For_models_that_are_quantized_already() =>
        Check("Quantized elsewhere", [.. QuantizedElsewhere.All.Select(m => Row(m.Writer, m.Name, m.Read))]);

    [SkippableFact]
    public void For_the_models_of_others()
    {
        (string Writer, string[] Path, string Prefix)[] models =
        [
            ("PyTorch 1.13, TorchScript", ["kwt1", "kwt1_opset13.onnx"], ""),
            ("PyTorch 1.13, TorchScript", ["kwt1", "kwt1_opset17.onnx"], ""),
            ("PyTorch 1.13, TorchScript", ["fsdd-ctc", "fsdd_ctc_opset17.onnx"], ""),
            ("PyTorch 1.13, TorchScript", ["sst2-berttiny", "pubenc.onnx"], Random),
            ("PyTorch 1.13, TorchScript", ["sst2-berttiny", "pubenc_encoder_static1x64_opset17.onnx"], "encoder_"),
            ("PyTorch, then ONNX Runtime 1.20 all", ["exporters", "cct1-ort", "network.onnx"], Random),
            ("PyTorch 2.7, TorchScript", ["exporters", "tinyvit-torch27", "network.onnx"], Random),
        ];
        Check("Models of others", [.. models.Select(m =>
        {
            string path = TestData.Path(m.Path);
            string name = m.Path[^1] == "network.onnx" ? m.Path[^2] : Path.GetFileNameWithoutExtension(path);
            string Data(string role) => TestData.Path([.. m.Path[..^1], $"{m.Prefix}{role}.npz"]);
            return Row(
                m.Writer, name,
                () => InputBinding.Bind(OnnxModel.Load(path), name == "pubenc" ? new Dictionary<string, long> { ["S"] = 64 } : new Dictionary<string, long>()),
                m.Prefix == Random ? null : (Data("calib"), Data("eval")));
        })]);
    }

    // Random samples, for models without data or of words.
    private const string Random = "random";

    // Samples of a model's own data: noise of a few numbers, on one or two samples, differs by decibels from processor to processor.
    private const int OwnSamples = 24;

    private static string Row(string writer, string name, Func<OnnxModel> read, (string Ranges, string Samples)? data = null)
    {
        OnnxModel model = read();
        long opset = model.Original.OpsetImport.First(o => o.Domain is "" or "ai.onnx").Version;
        if (OnnxImporter.TryImport(model, out var unsupported) is null)
        {
            string reasons = string.Join(", ", unsupported.Select(u => u.Operator).Distinct().Order(StringComparer.Ordinal));
            return $"| {writer} | {opset} | {name} | refused: {reasons} | | |";
        }

        try
        {
            var imported = new ImportedModel(model, data?.Ranges);
            (double decibels, double largest, string where) = imported.Run(
                MachineFile.Bundled(name == "norm_1024" ? "lab-32x32" : "arty-a7-100t"),
                data is null ? null : Spread(Dataset.Load(data.Value.Samples, imported.Graph).Inputs));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"| {writer} | {opset} | {name} | runs, {imported.Graph.Layers.Length} layers | {Math.Floor(decibels):F0} dB | {100 * largest:F1} % at `{where}` |");
        }
        catch (HilException e)
        {
            return $"| {writer} | {opset} | {name} | refused: {e.What} | | |";
        }
    }

    // Samples are in order of their classes.
    private static IReadOnlyList<ModelSample> Spread(IReadOnlyList<ModelSample> samples)
    {
        int count = Math.Min(OwnSamples, samples.Count);
        return [.. Enumerable.Range(0, count).Select(i => samples[i * samples.Count / count])];
    }

    private static void Check(string title, IReadOnlyList<string> rows)
    {
        string path = Path.Combine(Repository.Root, "docs", "support-matrix.md");
        string text = File.ReadAllText(path);
        string start = $"## {title}\n\n| exporter | opset | model | status | output | largest error of a tensor |\n|---|---|---|---|---|---|\n";
        int first = text.IndexOf($"## {title}\n", StringComparison.Ordinal);
        Assert.True(first >= 0, $"docs/support-matrix.md has no section '{title}'");
        int end = text.IndexOf("\n## ", first + 4, StringComparison.Ordinal);
        string section = end < 0 ? text[first..] : text[first..end];
        if (Environment.GetEnvironmentVariable("HIL_REGENERATE") == "1")
        {
            File.WriteAllText(path, text[..first] + start + string.Join('\n', rows) + "\n" + (end < 0 ? "" : text[end..]));
            return;
        }

        // Figures may differ in the last place from processor to processor, the largest error, of one element, by a tenth; where a tie is largest is not told apart.
        Assert.Equal(rows.Select(Words), section.Split('\n').Where(l => l.StartsWith('|')).Skip(2).Select(Words));
        foreach ((string own, string written) in rows.Zip(section.Split('\n').Where(l => l.StartsWith('|')).Skip(2)))
        {
            foreach ((Match now, Match then) in Figures().Matches(own).Zip(Figures().Matches(written)))
            {
                (double value, double recorded) = (Value(now), Value(then));
                Assert.True(Math.Abs(value - recorded) <= (then.Value.EndsWith('%') ? Math.Max(1, recorded / 10) : 1), $"{own} instead of {written}");
            }
        }
    }

    private static double Value(Match figure) => double.Parse(figure.Groups[1].Value, CultureInfo.InvariantCulture);

    private static string Words(string row) => Place().Replace(Figures().Replace(row, "#"), "");

    [GeneratedRegex(@"(\d+(?:\.\d)?) (?:dB|%)")]
    private static partial Regex Figures();

    [GeneratedRegex(@" at `[^`]*`")]
    private static partial Regex Place();
}
