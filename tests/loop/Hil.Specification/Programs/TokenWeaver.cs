using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Specification.Programs;

/// <summary>
/// Places tokens so that no two instructions of different units that touch the same thing overlap: simple, local, and not sparing. The k-th wait of
/// a pair of units is matched with its k-th post; both sequences rise with the program and a post precedes its wait, so that nothing can deadlock.
/// </summary>
internal sealed class TokenWeaver
{
    private const int Units = Contract.Isa.Units.Count;

    /// <summary>With alternating posts and waits no counter passes 15 with queues of up to this depth.</summary>
    public const int LargestSafeDepth = 14;

    private readonly Instruction[] _program;
    private readonly IReadOnlyList<Touch>[] _touches;
    private readonly Dice _dice;
    private readonly int _extra;

    /// <summary>By (from, to): index of the last instruction that posts to the pair; −1.</summary>
    private readonly int[,] _posted = new int[Units, Units];

    private TokenWeaver(Machine machine, IReadOnlyList<Instruction> program, Dice dice, int extra)
    {
        (_program, _dice, _extra) = ([.. program], dice, extra);
        var touches = new Touches(machine);
        _touches = [.. program.Select(touches.Of)];
        for (int p = 0; p < Units * Units; p++)
        {
            _posted[p / Units, p % Units] = -1;
        }

        if (machine.Issue.QueueDepth > LargestSafeDepth)
        {
            throw new ArgumentException("Token placement is only shown safe for shorter queues.", nameof(machine));
        }
    }

    public static IReadOnlyList<Instruction> Weave(Machine machine, IReadOnlyList<Instruction> program, Dice dice, int extra)
    {
        var weaver = new TokenWeaver(machine, program, dice, extra);
        for (int i = 0; i < program.Count; i++)
        {
            weaver.Place(i);
        }

        return weaver._program;
    }

    private void Place(int index)
    {
        int unit = UnitOf(index);
        if (unit >= Units)
        {
            return;
        }

        for (int p = 0; p < Units; p++)
        {
            if (p == unit)
            {
                continue;
            }

            int hazard = LastConflict(index, p);
            bool wanted = _extra > 0 && _dice.OneIn(_extra);
            int last = LastOf(p, index);
            if ((hazard > _posted[p, unit] || wanted) && last > _posted[p, unit])
            {
                Connect(last, index, p, unit);
            }
        }
    }

    /// <summary>The post is given by the last instruction of p before the wait, so that posts and waits of a pair alternate: a post dispatched with 15 waits unstarted would need a queue of 15.</summary>
    private void Connect(int post, int wait, int p, int unit)
    {
        _posted[p, unit] = post;
        _program[post] = _program[post].WithTokens(_program[post].Wait, _program[post].Post | (UnitSet)(1 << unit));
        _program[wait] = _program[wait].WithTokens(_program[wait].Wait | (UnitSet)(1 << p), _program[wait].Post);
    }

    private int UnitOf(int index) => (int)InstructionSet.Find(_program[index].Opcode)!.Unit;

    private int LastOf(int unit, int before)
    {
        for (int i = before - 1; i >= 0; i--)
        {
            if (UnitOf(i) == unit)
            {
                return i;
            }
        }

        return -1;
    }

    private int LastConflict(int index, int unit)
    {
        for (int i = index - 1; i > _posted[unit, UnitOf(index)]; i--)
        {
            if (UnitOf(i) == unit && _touches[i].Any(a => _touches[index].Any(a.Conflicts)))
            {
                return i;
            }
        }

        return -1;
    }
}
