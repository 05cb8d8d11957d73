using Hil.Models.Graphs;
using Hil.Models.Quality;
using Hil.Models.Quantized;

namespace Hil.Operators.Tests;

/// <summary>
/// The suites' products of two activations against what is derived for them: each gate against docs/numerics.md §5.2, each layer against §11, and each tensor's
/// noise against that of its inputs and its own roundings. All are of the integers, which the suites find equal on every machine.
/// </summary>
public sealed class TwoActivationsKeepTheirDerivedBounds
{
    public static TheoryData<string> Gates() => [.. GatesRunOnTheDevice.Names.Select(n => n.Model)];

    public static TheoryData<string> Products() => [.. ProductsOfActivationsRunOnTheDevice.Names.Select(n => n.Model)];

    [Theory]
    [MemberData(nameof(Gates))]
    public void Every_element_of_a_gate_is_within_the_bound_of_quarter_squares(string name)
    {
        var run = GatesRunOnTheDevice.Make(name);
        foreach (var tensors in run.Integers())
        {
            foreach (var gate in run.Graph.Layers.OfType<ElementProduct>())
            {
                var sum = run.Quantized.Layers.OfType<QSum>().Single(l => l.Name == $"{gate.Name}:sum");
                double[] Values(string tensor) => [.. tensors[tensor].Select(q => run.Quantized.Tensors[tensor].Scale * q)];
                var output = run.Quantized.Tensors[$"{gate.Output}:16"];
                var products = Values(sum.Left).Zip(Values(sum.Right), (a, b) => gate.Factor * a * b).ToArray();
                var bound = Bound(run, gate, output);
                Assert.All(Values(output.Name).Zip(products), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, bound));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Gates))]
    public void Every_tensor_of_a_gate_is_as_near_to_float_as_its_inputs_and_roundings_allow(string name) => AssertWithinBudgets(GatesRunOnTheDevice.Make(name));

    [Theory]
    [MemberData(nameof(Products))]
    public void Every_tensor_of_a_product_is_as_near_to_float_as_its_inputs_and_roundings_allow(string name) =>
        AssertWithinBudgets(ProductsOfActivationsRunOnTheDevice.Make(name));

    /// <summary>A·B·R²·(1/255 + 1/1020), and three roundings of 16 bits: of s and d, at the slope R/2, and of the product.</summary>
    private static double Bound(OperatorRun run, ElementProduct gate, QTensor output)
    {
        var (a, b) = (run.Ranges[gate.Left].Magnitude, run.Ranges[gate.Right].Magnitude);
        var size = Math.Abs(gate.Factor) * a * b;
        var reach = 2 + (2 * Math.Min(1, run.Ranges[gate.Output].Magnitude / size));
        return (size * reach * ((1 / 255.0) + (1 / 1020.0) + (1.0 / short.MaxValue))) + output.Scale;
    }

    private static void AssertWithinBudgets(OperatorRun run)
    {
        using var diff = new ModelDiff(run.Quantized, run.Graph);
        foreach (var (floats, integers) in run.Floats(diff.Sources).Zip(run.Integers()))
        {
            diff.Add(integers, floats);
        }

        var report = diff.Report();
        Assert.NotEmpty(report);
        Assert.All(report, t => Assert.True(t.IsWithinBudget, t.ToString()));
    }
}
