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

    [Fact]
    public void A_sample_names_the_input_that_it_does_not_have()
    {
        ModelSample sample = Parse(Model, NpyArray.Of("ids", [1, 4], new long[4])).Inputs[0];
        Assert.Contains("'gain'", Assert.Throws<ArgumentException>(() => sample["gain"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_read_as_its_bytes_are()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("hil-dataset-").FullName, "d.npz");
        byte[] bytes = NpzFile.Write([NpyArray.Of("ids", [2, 4], [.. Enumerable.Range(0, 8).Select(i => (long)i)])]);
        File.WriteAllBytes(path, bytes);
        try
        {
            Dataset data = Dataset.Load(path, Model);
            Assert.Equal(("d", Dataset.Parse(bytes, "d", path, Model).Hash), (data.Name, data.Hash));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(3, 3)]
    [InlineData(2, 4)]
    public void Axes_that_do_not_fit_swapped_either_are_no_sign_of_it(int rows, int columns)
    {
        Graph matrix = Model with { ModelInputs = [new ModelInput("x", [2, 3], TensorData.Float)] };
        Assert.DoesNotContain("swapped", Refused(matrix, NpyArray.Of("x", [2, rows, columns], new float[2 * rows * columns])), StringComparison.Ordinal);
    }

    [Fact]
    public void Integers_are_numbers() => Assert.Equal([1.0, -2], NpyArray.Of("n", [2], [1L, -2]).ToDoubles());
}
