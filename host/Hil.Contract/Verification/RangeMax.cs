namespace Hil.Contract.Verification;

/// <summary>
/// An array of non-negative numbers with "raise a range to v" and "greatest in a range", both in logarithmic time: a segment tree whose
/// nodes keep what was laid over them as wholes. Raising never lowers, so nothing has to be pushed down.
/// </summary>
internal sealed class RangeMax
{
    private readonly int _leaves;
    private readonly int[] _laid;
    private readonly int[] _greatest;

    public RangeMax(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        _leaves = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)size);
        _laid = new int[2 * _leaves];
        _greatest = new int[2 * _leaves];
    }

    /// <summary>Raises elements first … end−1 to at least <paramref name="value"/>.</summary>
    public void Raise(int first, int end, int value) => Raise(1, 0, _leaves, first, end, value);

    /// <summary>The greatest of elements first … end−1.</summary>
    public int Greatest(int first, int end) => Greatest(1, 0, _leaves, first, end);

    private void Raise(int node, int low, int high, int first, int end, int value)
    {
        if (end <= low || high <= first) return;
        _greatest[node] = Math.Max(_greatest[node], value);
        if (first <= low && high <= end)
        {
            _laid[node] = Math.Max(_laid[node], value);
            return;
        }

        int middle = (low + high) / 2;
        Raise(2 * node, low, middle, first, end, value);
        Raise((2 * node) + 1, middle, high, first, end, value);
    }

    private int Greatest(int node, int low, int high, int first, int end)
    {
        if (end <= low || high <= first) return 0;
        if (first <= low && high <= end) return _greatest[node];
        int middle = (low + high) / 2;
        return Math.Max(
            _laid[node],
            Math.Max(Greatest(2 * node, low, middle, first, end), Greatest((2 * node) + 1, middle, high, first, end)));
    }
}
