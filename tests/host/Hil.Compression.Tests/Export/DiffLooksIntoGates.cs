using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Quality;
using Hil.Models.Quantized;
using Hil.Models.Reference;
using Hil.Models.Tests.Import;

namespace Hil.Compression.Tests.Export;

/// <summary>A product of two activations is made of sums and tables that the float model does not have; the report measures them, and names the wrong one.</summary>
public sealed class DiffLooksIntoGates
{
    private const int Rows = 7;
    private const int Columns = 12;
    private const int Samples = 12;

    /// <summary>dB. The margin of a budget is 6; the noisier of two inputs stands for both, which is 3 more, and its terms are upper estimates.</summary>
    private const double LargestDistance = 14;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sound_parts_are_within_budgets_that_are_near_them(bool hidden)
    {
        var run = new Run();

        var report = run.Report(run.Quantized, hidden ? [.. run.Parts] : []);

        Assert.Equal(6, report.Count(t => run.Parts.Contains(t.Tensor)));
        Assert.All(report, t => Assert.True(t.IsWithinBudget && t.SqnrDb - t.BudgetDb < LargestDistance, t.ToString()));
        Assert.All(report.Where(t => run.Parts.Contains(t.Tensor)), t => Assert.Contains(t.Nodes, n => n.StartsWith("Mul", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(":16:sum")]
    [InlineData(":16:difference")]
    [InlineData(":8:sum:square")]
    [InlineData(":8:difference:square")]
    [InlineData(":16:sum:square")]
    [InlineData("")]
    public void A_wrong_part_is_the_first_beyond_its_budget(string part)
    {
        var run = new Run();
        var wrong = part.Length == 0 ? run.Gate : run.Parts.Single(p => p.EndsWith(part, StringComparison.Ordinal));

        var first = run.Report(run.Broken(wrong), []).First(t => !t.IsWithinBudget);

        Assert.Equal(wrong, first.Tensor);
        // By its noise, not only by its steps.
        Assert.True(first.SqnrDb < first.BudgetDb, first.ToString());
    }

    [Fact]
    public void A_wrong_part_that_is_not_seen_shows_in_the_gate()
    {
        var run = new Run();
        var wrong = run.Parts.Single(p => p.EndsWith(":8:sum:square", StringComparison.Ordinal));

        Assert.Equal(run.Gate, run.Report(run.Broken(wrong), [.. run.Parts]).First(t => !t.IsWithinBudget).Tensor);
    }

    [Fact]
    public void A_table_that_is_no_quarter_square_is_none()
    {
        var run = new Run();
        var square = run.Quantized.Layers.OfType<QMap>().First(m => !m.Table.IsEmpty);

        Assert.True(QuarterSquares.IsQuarterSquare(run.Quantized, square));
        Assert.False(QuarterSquares.IsQuarterSquare(run.Quantized, square with { Table = square.Table.SetItem(3, (sbyte)(square.Table[3] + 3)) }));
        Assert.False(QuarterSquares.IsQuarterSquare(run.Quantized, square with { Table = [] }));
    }

    /// <summary>silu(x·V)·(x·W) before a linear layer.</summary>
    private sealed class Run
    {
        private readonly Graph _graph;
        private readonly Hil.Models.Onnx.OnnxModel _model;
        private readonly ModelSample[] _samples;

        public Run()
        {
            var m = new TinyModel("x", 1, Rows, Columns);
            string Linear(string x, int seed) => m.Node("MatMul", [x, m.Weights(seed, Columns, Columns)]);
            var hidden = Linear("x", 1);
            var gate = m.Node("Mul", [m.Node("Mul", [hidden, m.Node("Sigmoid", [hidden])]), Linear("x", 2)]);
            _model = m.Parse(Linear(gate, 3));
            _graph = OnnxImporter.Import(_model);
            _samples = [.. Enumerable.Range(1, Samples).Select(seed => Sample(seed))];
            var ranges = RangeCalibrator.Measure(_model, _graph, new Dataset("samples", "", [.. _samples], [], false, [], []), null, CancellationToken.None);
            Quantized = Quantizer.Quantize(_model, _graph, ranges).Graph;
            Gate = $"{Assert.Single(_graph.Layers.OfType<ElementProduct>()).Output}:16";
            Parts = [.. Quantized.Tensors.Values.Where(t => t.Source.Length == 0).Select(t => t.Name)];
        }

        public QuantizedGraph Quantized { get; }

        /// <summary>The product's tensor.</summary>
        public string Gate { get; }

        public IReadOnlyList<string> Parts { get; }

        public QuantizedGraph Broken(string tensor) => Quantized with
        {
            Layers = [.. Quantized.Layers.Select(l => !l.Outputs.Contains(tensor) ? l : l switch
            {
                QSum s => s with { RightMultiplier = (short)(s.RightMultiplier / 2) },
                QMap { Table.IsEmpty: false } m => m with { Table = [.. m.Table.Select((t, i) => i < 128 ? t : (sbyte)-128)] },
                QMap m => m with { Shift = m.Shift + 1 },
                _ => throw new ArgumentException(l.Name, nameof(tensor)),
            })],
        };

        public IReadOnlyList<TensorDiff> Report(QuantizedGraph device, IReadOnlyList<string> hidden)
        {
            using var diff = new ModelDiff(Quantized, _graph);
            using var reference = new FloatReference(_model, diff.Sources);
            foreach (var sample in _samples)
            {
                var floats = reference.Run(sample);
                var seen = new IntegerExecutor(device).Run(floats);
                foreach (var name in hidden) seen.Remove(name);
                diff.Add(seen, floats);
            }

            return diff.Report();
        }

        private static ModelSample Sample(int seed)
        {
            var random = new Random(seed);
            return ModelSample.Of("x", Enumerable.Range(0, Rows * Columns).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray());
        }
    }
}
