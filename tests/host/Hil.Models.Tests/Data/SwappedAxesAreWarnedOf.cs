using Hil.Models.Data;

namespace Hil.Models.Tests.Data;

public sealed class SwappedAxesAreWarnedOf
{
    private const int Rows = 6;
    private const int Columns = 4;

    /// <summary>Each column has a mean of its own, and each row differs a little.</summary>
    private static ReadOnlyMemory<float>[] Samples(int seed, int count = 5)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (ReadOnlyMemory<float>)Enumerable.Range(0, Rows * Columns)
            .Select(i => (3f * (i % Columns)) + (0.2f * random.NextSingle())).ToArray())];
    }

    private static ReadOnlyMemory<float>[] Transposed(ReadOnlyMemory<float>[] samples) =>
        [.. samples.Select(s => (ReadOnlyMemory<float>)Enumerable.Range(0, Rows * Columns).Select(i => s.Span[(i % Rows * Columns) + (i / Rows)]).ToArray())];

    [Fact]
    public void Where_the_transposed_data_match_the_calibration()
    {
        string? warning = LayoutCheck.Warning(Transposed(Samples(1)), Samples(2), Rows, Columns);

        Assert.NotNull(warning);
        Assert.Contains($"{Columns} x {Rows}, transposed", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void And_not_where_the_data_match_as_they_are() => Assert.Null(LayoutCheck.Warning(Samples(1), Samples(2), Rows, Columns));

    /// <summary>Far from the calibration either way: other data, and no sign of swapped axes.</summary>
    [Fact]
    public void And_not_where_neither_reading_matches()
    {
        ReadOnlyMemory<float>[] constant = [Enumerable.Repeat(50f, Rows * Columns).ToArray()];
        Assert.Null(LayoutCheck.Warning(constant, Samples(2), Rows, Columns));
    }

    [Theory]
    [InlineData(1, Rows * Columns)]
    [InlineData(Rows * Columns, 1)]
    public void And_not_of_a_single_row_or_column(int rows, int columns) => Assert.Null(LayoutCheck.Warning(Transposed(Samples(1)), Samples(2), rows, columns));

    [Fact]
    public void And_not_without_samples()
    {
        Assert.Null(LayoutCheck.Warning([], Samples(2), Rows, Columns));
        Assert.Null(LayoutCheck.Warning(Samples(1), [], Rows, Columns));
    }
}
