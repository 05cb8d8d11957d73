using System.Collections.Immutable;
using Hil.Contract;
using Hil.Models.Data;
using Hil.Models.Graphs;

namespace Hil.Models.Tests.Data;

public sealed class Datasets
{
    private static readonly Graph Model = new(
        "m",
        new Tensor("x", 2, 3),
        new Tensor("y", 4, 5),
        ImmutableSortedDictionary<string, Tensor>.Empty,
        []);

    [Fact]
    public void Inputs_labels_and_lengths_belong_to_samples()
    {
        var data = Parse(
            NpyArray.Of("x", [2, 2, 3], [.. Enumerable.Range(0, 12).Select(i => (float)i)]),
            NpyArray.Of("labels", [2, 3], [1L, 2, -1, 0, -1, -1]),
            NpyArray.Of("length", [2], [4L, 3]));

        Assert.Equal(2, data.Count);
        Assert.Equal([6, 7, 8, 9, 10, 11], data.Inputs[1]["x"].ToArray());
        Assert.True(data.LabelsAreSequences);
        Assert.Equal([1, 2], data.Labels[0].ToArray());
        Assert.Equal([0], data.Labels[1].ToArray());
        Assert.Equal([4, 3], data.Lengths.ToArray());
        var first = data.Take(1);
        Assert.Equal((1, 1, 1, 0), (first.Count, first.Labels.Length, first.Lengths.Length, first.Logits.Length));
        Assert.Same(data, data.Take(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Take(0));
    }

    [Fact]
    public void Recorded_outputs_belong_to_samples()
    {
        var data = Parse(
            NpyArray.Of("x", [2, 2, 3], new float[12]),
            NpyArray.Of("labels", [2], [4L, 0]),
            NpyArray.Of("logits", [2, 4, 5], [.. Enumerable.Range(0, 40).Select(i => (float)i)]));

        Assert.False(data.LabelsAreSequences);
        Assert.Equal([4], data.Labels[0].ToArray());
        var first = data.Take(1);
        Assert.Equal((1, 0), (first.Logits.Length, first.Lengths.Length));
        Assert.Equal(20, data.Logits[1].Span[0]);
    }

    [Fact]
    public void Bare_samples_have_no_labels_lengths_or_outputs()
    {
        var first = Parse(NpyArray.Of("x", [2, 2, 3], new float[12])).Take(1);

        Assert.Equal((0, 0, 0), (first.Labels.Length, first.Lengths.Length, first.Logits.Length));
    }

    [Fact]
    public void A_file_that_is_not_there_is_bad_input() =>
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => Dataset.Load("/nowhere/x.npz", Model)).Kind);

    [Fact]
    public void A_batch_axis_of_one_is_allowed() =>
        Assert.Equal(2, Parse(NpyArray.Of("x", [2, 1, 2, 3], new float[12])).Count);

    [Theory]
    [InlineData("no array 'x'")]
    [InlineData("swapped")]
    [InlineData("NaN at row 1, column 2")]
    [InlineData("2×2")]
    [InlineData("'labels' must be classes")]
    [InlineData("'length' must be one number")]
    [InlineData("'logits' has 1 samples")]
    [InlineData("one row for each of the 2 samples")]
    [InlineData("0×2×3")]
    [InlineData("'length' must be one number of 1 … 4")]
    [InlineData("'length' must be integers")]
    [InlineData("'labels' must be integers")]
    [InlineData("'labels' must be classes 0 … 4, one")]
    public void What_does_not_fit_the_model_is_named(string message)
    {
        var x = NpyArray.Of("x", [2, 2, 3], new float[12]);
        NpyArray[] arrays = message switch
        {
            "no array 'x'" => [NpyArray.Of("z", [2, 2, 3], new float[12])],
            "swapped" => [NpyArray.Of("x", [2, 3, 2], new float[12])],
            "2×2" => [NpyArray.Of("x", [2, 2], new float[4])],
            "'labels' must be classes" => [x, NpyArray.Of("labels", [2], [0L, 5])],
            "'length' must be one number" => [x, NpyArray.Of("length", [2], [0L, 1])],
            "'logits' has 1 samples" => [x, NpyArray.Of("logits", [1, 4, 5], new float[20])],
            "'length' must be one number of 1 … 4" => [x, NpyArray.Of("length", [2, 1], [1L, 5])],
            "'length' must be integers" => [x, NpyArray.Of("length", [2], [1f, 2])],
            "'labels' must be integers" => [x, NpyArray.Of("labels", [], [1L])],
            "'labels' must be classes 0 … 4, one" => [x, NpyArray.Of("labels", [2, 1, 1], [1L, 1])],
            "one row for each of the 2 samples" => [x, NpyArray.Of("labels", [3], [0L, 0, 0])],
            "0×2×3" => [NpyArray.Of("x", [0, 2, 3], Array.Empty<float>())],
            _ => [NpyArray.Of("x", [2, 2, 3], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, float.NaN])],
        };

        var error = Assert.Throws<HilException>(() => Parse(arrays));

        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static Dataset Parse(params NpyArray[] arrays) => Dataset.Parse(NpzFile.Write(arrays), "d", "d.npz", Model);
}
