using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>
/// The row of the array as each board makes it of its multipliers (two products in a block of the Artix-7 and of the UP5K, LUTs on the ECP5), in one bench:
/// every weight with every activation in both columns of a pair, then takes, clears and sums from the north at random.
/// </summary>
public sealed class RowsOfTheBoardsMultiplyAsTheGeneralOne(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("")]
    [InlineData("board=arty-a7-100t")]
    [InlineData("board=ulx3s-85f")]
    [InlineData("board=ulx3s-85f -GFirst=1")]
    [InlineData("board=icebreaker")]
    [InlineData("board=icebreaker -GFirst=1")]
    public void Every_product_and_sum_is_right(string parameters)
    {
        (int exit, string said) = Bench.Run("hil_array_row", [.. Bench.Words(parameters), "+step=1"]);
        output.WriteLine(said);
        Assert.True(exit == 0, said);
        Assert.Contains(" 0 wrong", said, StringComparison.Ordinal);

        // Four columns, 65 536 pairs of weights, 256 activations each.
        const long products = 4L * 65536 * 256;
        Assert.True(long.Parse(said.Split(' ')[1]) >= products, said);
    }
}
