using System.Numerics;
using Hil.Contract.Isa;

namespace Hil.Emulator.Timing;

/// <summary>The token counters of all ordered pairs of units, indexed by consumer, then producer.</summary>
public sealed class TokenCounters
{
    private const int Most = 15;
    private readonly int[] _count = new int[Units.Count * Units.Count];

    /// <summary>The lowest-numbered awaited unit without a token, or −1.</summary>
    public int FirstMissing(int consumer, int wait, bool highest)
    {
        int found = -1;
        for (int left = wait; left != 0; left &= left - 1)
        {
            int producer = BitOperations.TrailingZeroCount(left);
            if (_count[(consumer * Units.Count) + producer] > 0) continue;
            found = producer;
            if (!highest) break;
        }

        return found;
    }

    public void Take(int consumer, int wait)
    {
        for (int left = wait; left != 0; left &= left - 1)
            _count[(consumer * Units.Count) + BitOperations.TrailingZeroCount(left)]--;
    }

    /// <summary>False if a counter would pass its most; it then keeps it.</summary>
    public bool Post(int producer, int post)
    {
        bool fits = true;
        for (int left = post; left != 0; left &= left - 1)
        {
            ref int count = ref _count[(BitOperations.TrailingZeroCount(left) * Units.Count) + producer];
            if (count == Most) fits = false;
            else count++;
        }

        return fits;
    }
}
