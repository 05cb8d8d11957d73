using System.Collections.Immutable;
using Hil.Contract;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Onnx;

namespace Hil.Models.Tests.Data;

public sealed class DatasetsOfSeveralInputs
{
    private static readonly Graph Model = new(
        "m", new Tensor("x", 2, 3), new Tensor("y", 4, 5), ImmutableSortedDictionary<string, Tensor>.Empty, [])
    {
        ModelInputs = [new ModelInput("ids", [1, 4], TensorData.Int64), new ModelInput("mask", [1, 4], TensorData.Int64, 1)],
    };

    private static readonly Graph AllHaveDefaults = Model with { ModelInputs = [.. Model.ModelInputs.Select(i => i with { Default = 0 })] };

    private static Dataset Parse(Graph graph, params NpyArray[] arrays) => Dataset.Parse(NpzFile.Write(arrays), "d", "d.npz", graph);

    private static string Refused(Graph graph, params NpyArray[] arrays)
    {
        var error = Assert.Throws<HilException>(() => Parse(graph, arrays));
        Assert.Equal(ExitKind.BadInput, error.Kind);
        return error.Message;
    }

    [Fact]
    public void An_input_that_is_not_there_has_its_default()
    {
        var data = Parse(Model, NpyArray.Of("ids", [2, 4], [.. Enumerable.Range(0, 8).Select(i => (long)i)]));

        Assert.Equal(2, data.Count);
        Assert.Equal([4, 5, 6, 7], data.Inputs[1]["ids"].ToArray());
        Assert.Equal([1, 1, 1, 1], data.Inputs[1]["mask"].ToArray());
    }

    [Fact]
    public void Unlike_numbers_of_samples_are_refused() =>
        Assert.Contains("'ids' 2, 'mask' 3", Refused(Model, NpyArray.Of("ids", [2, 4], new long[8]), NpyArray.Of("mask", [3, 4], new long[12])), StringComparison.Ordinal);

    [Fact]
    public void Data_that_name_no_input_are_refused() =>
        Assert.Contains("no array that is named after an input", Refused(AllHaveDefaults, NpyArray.Of("z", [2, 4], new long[8])), StringComparison.Ordinal);

    [Fact]
    public void Integers_that_no_float_holds_are_refused() =>
        Assert.Contains("row 0, column 2", Refused(Model, NpyArray.Of("ids", [1, 4], [0L, 1, long.MaxValue, 3])), StringComparison.Ordinal);

    [Fact]
    public void A_scalar_input_has_one_value_a_sample()
    {
        var data = Parse(Model with { ModelInputs = [new ModelInput("gain", [], TensorData.Float)] }, NpyArray.Of("gain", [3], [1f, 2, 3]));
        Assert.Equal([2], data.Inputs[1]["gain"].ToArray());
    }
}
