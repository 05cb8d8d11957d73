using Hil.Contract.Records;
using Hil.Specification.Programs;
using Hil.Specification.Timing;

namespace Hil.Specification.Comparison;

/// <summary>The first difference in time: trap, retirement (the earliest), then counter.</summary>
public static class TimingDivergence
{
    /// <summary>A sentence, or null if all is equal.</summary>
    public static string? Find(
        GeneratedProgram generated, TimingResult expected, TrapRecord trap, Counters counters, IReadOnlyList<Retirement> trace)
    {
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(counters);
        if (expected.Trap != trap)
        {
            return $"{generated}: expected {expected.Trap}, got {trap}.";
        }

        Dictionary<int, Retirement> mine = expected.Retirements.ToDictionary(r => r.Index);
        Dictionary<int, Retirement> theirs = trace.ToDictionary(r => r.Index);
        int[] differing = [.. mine.Keys.Union(theirs.Keys).Where(i => !mine.TryGetValue(i, out Retirement a) || !theirs.TryGetValue(i, out Retirement b) || a != b)];
        if (differing.Length > 0)
        {
            // The one that differs first in time; the others may only follow from it.
            int first = differing.MinBy(i => (Math.Min(RetireOf(mine, i), RetireOf(theirs, i)), i));
            return $"{generated}: instruction {first} ({generated.Program[first].Opcode}): expected {Print(mine, first)}, got {Print(theirs, first)}.";
        }

        foreach (((string name, long value), (_, long other)) in expected.Counters.Named().Zip(counters.Named()))
        {
            if (value != other)
            {
                return $"{generated}: counter {name}: expected {value}, got {other}.";
            }
        }

        return null;
    }

    private static long RetireOf(Dictionary<int, Retirement> retirements, int index) =>
        retirements.TryGetValue(index, out Retirement r) ? r.Retire : long.MaxValue;

    private static string Print(Dictionary<int, Retirement> retirements, int index) =>
        retirements.TryGetValue(index, out Retirement r) ? $"start {r.Start}, retire {r.Retire}" : "none";
}
