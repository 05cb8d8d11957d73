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

        Retirement[] mine = [.. expected.Retirements.OrderBy(r => r.Retire).ThenBy(r => r.Unit)];
        Retirement[] theirs = [.. trace.OrderBy(r => r.Retire).ThenBy(r => r.Unit)];
        for (int i = 0; i < Math.Min(mine.Length, theirs.Length); i++)
        {
            if (mine[i] != theirs[i])
            {
                return $"{generated}: instruction {mine[i].Index} ({generated.Program[mine[i].Index].Opcode}): expected {mine[i]}, got {theirs[i]}.";
            }
        }

        if (mine.Length != theirs.Length)
        {
            return $"{generated}: {theirs.Length} instructions retired instead of {mine.Length}.";
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
}
