using Hil.Contract.Isa;
using Hil.Contract.Timing;

namespace Hil.Contract.Verification;

/// <summary>
/// The order that the tokens in a program enforce: the k-th post on a pair of units lets the k-th wait pass. For each instruction it knows
/// how many instructions of each unit have retired before it starts, whatever the durations.
/// </summary>
internal sealed class TokenGraph
{
    private readonly Instruction[] _program;
    private readonly int[] _over;
    private readonly int _limit;
    private readonly int[] _number;

    // Per pair: the numbers, within the waiting unit, of the instructions that wait.
    private readonly List<int>[] _waits = [.. Enumerable.Range(0, Units.Count * Units.Count).Select(_ => new List<int>())];

    public TokenGraph(Instruction[] program, FindingList findings, VerifierMutation mutation)
    {
        _program = program;
        _limit = TimingConstants.TokenLimit + (mutation == VerifierMutation.CounterOneLonger ? 1 : 0);
        _over = new int[program.Length * Units.Count];
        _number = new int[program.Length];
        var posts = new List<int>[Units.Count * Units.Count];
        for (int i = 0; i < posts.Length; i++) posts[i] = [];
        int[] count = new int[Units.Count];
        int[] previous = [-1, -1, -1, -1];
        for (int index = 0; index < program.Length; index++)
        {
            int unit = (int)UnitOf(index);
            if (unit >= Units.Count) continue;
            Span<int> over = _over.AsSpan(index * Units.Count, Units.Count);
            if (previous[unit] >= 0) Over(previous[unit]).CopyTo(over);
            over[unit] = count[unit];
            previous[unit] = index;
            _number[index] = ++count[unit];
            for (int other = 0; other < Units.Count; other++)
            {
                if (((int)program[index].Wait & (1 << other)) == 0) continue;
                List<int> waits = _waits[Pair(other, unit)];
                waits.Add(_number[index]);
                List<int> pairPosts = posts[Pair(other, unit)];
                if (waits.Count > pairPosts.Count)
                {
                    if (mutation != VerifierMutation.WaitsMayHang) findings.Add(index, FindingKind.Deadlock, $"wait {waits.Count} of {(Unit)unit} for {(Unit)other} has no post before it");
                    continue;
                }

                int post = pairPosts[waits.Count - 1];
                for (int u = 0; u < Units.Count; u++) over[u] = Math.Max(over[u], Over(post)[u]);
                over[other] = Math.Max(over[other], _number[post]);
            }

            for (int other = 0; other < Units.Count; other++)
            {
                if (((int)program[index].Post & (1 << other)) != 0) posts[Pair(unit, other)].Add(index);
            }
        }
    }

    /// <summary>How many instructions of each unit have retired when the instruction starts, at least.</summary>
    public ReadOnlySpan<int> Over(int index) => _over.AsSpan(index * Units.Count, Units.Count);

    /// <summary>The instruction's number within its unit, from 1.</summary>
    public int Number(int index) => _number[index];

    public Unit UnitOf(int index) => InstructionSet.Find(_program[index].Opcode)!.Unit;

    /// <summary>Where a counter may pass its limit: more posts than waits that are surely over by then.</summary>
    public void CheckOverflow(FindingList findings)
    {
        int[] posted = new int[Units.Count * Units.Count];
        for (int index = 0; index < _program.Length; index++)
        {
            int unit = (int)UnitOf(index);
            for (int other = 0; other < Units.Count && unit < Units.Count; other++)
            {
                if (((int)_program[index].Post & (1 << other)) == 0) continue;
                int pair = Pair(unit, other);
                int place = _waits[pair].BinarySearch(Over(index)[other]);
                int taken = place >= 0 ? place + 1 : ~place;
                if (++posted[pair] - taken > _limit)
                {
                    findings.Add(
                        index, FindingKind.Overflow,
                        $"{posted[pair]} tokens from {(Unit)unit} to {(Unit)other}, of which only {taken} are surely taken; the counter ends at {TimingConstants.TokenLimit}");
                }
            }
        }
    }

    private static int Pair(int from, int to) => (from * Units.Count) + to;
}
