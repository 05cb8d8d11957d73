namespace Hil.Models.Data;

/// <summary>
/// Finds data whose two axes are swapped although their number fits: laid out as columns × rows, or a square. The mean of each column, and how alike
/// neighbours are along both axes, are a profile of the calibration samples; data that match it better when they are read with the axes
/// swapped are warned of.
/// </summary>
public static class LayoutCheck
{
    /// <summary>Distance of two profiles above which data do not match: as of means a third of a standard deviation off.</summary>
    private const double Far = 0.1;

    /// <summary>The swapped reading must be this much nearer.</summary>
    private const double Nearer = 4;

    /// <summary>A correlation that is off by 0.1 is as bad as means a third of a standard deviation off.</summary>
    private const double CorrelationWeight = 10;

    /// <summary>A sentence if the axes seem to be swapped, or null. Both sets hold samples of rows × columns, row-major.</summary>
    public static string? Warning(
        IReadOnlyList<ReadOnlyMemory<float>> data, IReadOnlyList<ReadOnlyMemory<float>> calibration, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(calibration);
        if (rows < 2 || columns < 2 || data.Count == 0 || calibration.Count == 0)
        {
            return null;
        }

        var expected = new Profile(calibration, rows, columns, isSwapped: false);
        var asIs = expected.Distance(new Profile(data, rows, columns, isSwapped: false));
        var swapped = expected.Distance(new Profile(data, rows, columns, isSwapped: true));
        return asIs > Far && swapped * Nearer < asIs
            ? FormattableString.Invariant(
                $"its values match the calibration {asIs / Math.Max(swapped, 1e-9):F0} times better as {columns} x {rows}, transposed: its axes seem to be swapped.")
            : null;
    }

    /// <summary>Statistics of a set of samples.</summary>
    private sealed class Profile
    {
        private readonly double[] _mean;
        private readonly double _variance;
        private readonly double _alongRows;
        private readonly double _alongColumns;

        public Profile(IReadOnlyList<ReadOnlyMemory<float>> samples, int rows, int columns, bool isSwapped)
        {
            _mean = new double[columns];
            var total = 0.0;
            foreach (var sample in samples)
            {
                for (var i = 0; i < sample.Length; i++)
                {
                    _mean[isSwapped ? i / rows : i % columns] += sample.Span[i] / ((double)samples.Count * rows);
                    total += sample.Span[i] / ((double)samples.Count * sample.Length);
                }
            }

            foreach (var sample in samples)
            {
                var values = sample.Span;
                for (var row = 0; row < rows; row++)
                {
                    for (var column = 0; column < columns; column++)
                    {
                        var (down, right) = isSwapped ? (1, rows) : (columns, 1);
                        var at = (row * down) + (column * right);
                        var value = values[at] - total;
                        _variance += value * value / ((double)samples.Count * rows * columns);
                        _alongRows += row + 1 < rows ? value * (values[at + down] - total) / ((double)samples.Count * (rows - 1) * columns) : 0;
                        _alongColumns += column + 1 < columns ? value * (values[at + right] - total) / ((double)samples.Count * rows * (columns - 1)) : 0;
                    }
                }
            }
        }

        public double Distance(Profile other)
        {
            double Squared(double x) => x * x;
            double Correlation(double covariance, Profile of) => covariance / (of._variance + 1e-12);
            return _mean.Zip(other._mean, (a, b) => Squared(a - b)).Average() / (_variance + 1e-12)
                + (CorrelationWeight * (Squared(Correlation(_alongRows, this) - Correlation(other._alongRows, other))
                    + Squared(Correlation(_alongColumns, this) - Correlation(other._alongColumns, other))));
        }
    }
}
