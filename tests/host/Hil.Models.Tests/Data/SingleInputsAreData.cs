using System.Collections.Immutable;
using System.Text;
using Hil.Contract;
using Hil.Models.Data;
using Hil.Models.Graphs;

namespace Hil.Models.Tests.Data;

public sealed class SingleInputsAreData
{
    private static readonly Graph Model =
        new("m", new Tensor("x", 2, 3), new Tensor("y", 1, 2), ImmutableSortedDictionary<string, Tensor>.Empty, []);

    private static readonly float[] Values = [1, 2, 3, 4, 5, 6];

    [Theory]
    [InlineData(2, 3)]
    [InlineData(1, 2, 3)]
    [InlineData(1, 1, 2, 3)]
    public void As_npy_with_or_without_an_axis_of_samples(params int[] shape)
    {
        Dataset data = Dataset.Parse(Npy(NpyArray.Of("a", shape, Values)), "a", "a.npy", Model);
        Assert.Equal(1, data.Count);
        Assert.Equal(Values, data.Inputs[0]["x"].ToArray());
        Assert.Empty(data.Labels);
    }

    [Fact]
    public void Several_stacked_in_one_npy_are_several_samples() =>
        Assert.Equal(2, Dataset.Parse(Npy(NpyArray.Of("a", [2, 2, 3], [.. Values, .. Values])), "a", "a.npy", Model).Count);

    [Theory]
    [InlineData("x")]
    [InlineData("arr_0")]
    public void As_npz_under_the_input_s_name_or_the_one_that_numpy_gives(string name) =>
        Assert.Equal(1, Dataset.Parse(NpzFile.Write([NpyArray.Of(name, [2, 3], Values)]), "a", "a.npz", Model).Count);

    [Fact]
    public void A_transposed_input_is_refused_with_a_guess()
    {
        var error = Assert.Throws<HilException>(() => Dataset.Parse(Npy(NpyArray.Of("a", [1, 3, 2], Values)), "a", "a.npy", Model));
        Assert.Contains("swapped", error.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-20)]
    [InlineData(4)]
    public void A_npy_of_the_wrong_length_is_refused(int more)
    {
        byte[] whole = Npy(NpyArray.Of("a", [2, 3], Values));
        byte[] broken = more < 0 ? whole[..^-more] : [.. whole, .. new byte[more]];
        var error = Assert.Throws<HilException>(() => Dataset.Parse(broken, "a", "a.npy", Model));
        Assert.Equal((ExitKind.BadInput, "a.npy"), (error.Kind, error.Where));
    }

    /// <summary>The array as NumPy's save writes it: the entry of an archive, taken out of it.</summary>
    private static byte[] Npy(NpyArray array)
    {
        using var stream = new MemoryStream(NpzFile.Write([array]));
        using var archive = new System.IO.Compression.ZipArchive(stream);
        using Stream entry = archive.Entries[0].Open();
        using var copy = new MemoryStream();
        entry.CopyTo(copy);
        Assert.Equal("NUMPY", Encoding.ASCII.GetString(copy.ToArray().AsSpan(1, 5)));
        return copy.ToArray();
    }
}
