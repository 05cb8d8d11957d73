using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Contract.Verification;

/// <summary>
/// Remembers, for everything an instruction can touch, the last instruction of each unit that read and that wrote it, and answers which
/// earlier instruction of each unit an access must come after. Instructions are counted from 1 within their unit.
/// </summary>
internal sealed class ConflictTracker
{
    private readonly Machine _machine;
    private readonly long[] _mainBounds;
    private readonly RangeMax?[] _touched;
    private readonly RangeMax?[] _written;

    public ConflictTracker(Machine machine, IReadOnlyList<Instruction> program)
    {
        _machine = machine;
        _mainBounds = MainBounds(machine, program);
        int kinds = Enum.GetValues<Resource>().Length;
        _touched = new RangeMax?[kinds * Units.Count];
        _written = new RangeMax?[kinds * Units.Count];
    }

    /// <summary>Raises <paramref name="latest"/> to the last conflicting instruction of each other unit.</summary>
    public void Conflicts(in Access access, Unit unit, Span<int> latest)
    {
        (int first, int end) = Cells(access);
        bool withReads = access.Writes || access.Resource == Resource.Scratchpad;
        RangeMax?[] trees = withReads ? _touched : _written;
        for (int other = 0; other < Units.Count; other++)
        {
            if (other == (int)unit || trees[Slot(access.Resource, other)] is not { } tree) continue;
            latest[other] = Math.Max(latest[other], tree.Greatest(first, end));
        }
    }

    /// <summary>Notes an access of the instruction with the given number in its unit.</summary>
    public void Note(in Access access, Unit unit, int number)
    {
        (int first, int end) = Cells(access);
        int slot = Slot(access.Resource, (int)unit);
        (_touched[slot] ??= NewTree(access.Resource)).Raise(first, end, number);
        if (access.Writes) (_written[slot] ??= NewTree(access.Resource)).Raise(first, end, number);
    }

    private static int Slot(Resource resource, int unit) => ((int)resource * Units.Count) + unit;

    private RangeMax NewTree(Resource resource) => new(Size(resource));

    private int Size(Resource resource) => resource switch
    {
        Resource.Scratchpad => _machine.Scratchpad.Banks,
        Resource.WeightSlot or Resource.AccumulatorHalf => 2,
        Resource.Parameters => _machine.ParameterEntries,
        Resource.Table => _machine.TableSlots,
        Resource.RowScales => _machine.RowScaleEntries,
        Resource.Main => Math.Max(1, _mainBounds.Length),
        _ => throw new ArgumentOutOfRangeException(nameof(resource)),
    };

    private (int First, int End) Cells(in Access access)
    {
        (long first, long end) = access.Resource switch
        {
            Resource.Scratchpad => (access.Bank(_machine), access.Bank(_machine) + 1),
            Resource.Main => (Bound(access.First), Bound(access.End)),
            _ => (access.First, access.End),
        };
        return first >= 0 && end <= Size(access.Resource)
            ? ((int)first, (int)end)
            : throw new ArgumentException($"{access.Operand}: {access.First} is outside of the {access.Resource} of {_machine.Name}.", nameof(access));
    }

    private int Bound(long address)
    {
        int index = System.Array.BinarySearch(_mainBounds, address);
        return index >= 0 ? index : throw new ArgumentException("an access of another program", nameof(address));
    }

    // Main memory is cut at every first and last address of the program's accesses: a cell is what lies between two cuts.
    private static long[] MainBounds(Machine machine, IReadOnlyList<Instruction> program)
    {
        var bounds = new SortedSet<long>();
        Span<Access> accesses = new Access[Accesses.Most];
        foreach (Instruction instruction in program)
        {
            int count = Accesses.Write(instruction, machine, accesses);
            foreach (ref readonly Access access in accesses[..count])
            {
                if (access.Resource != Resource.Main) continue;
                bounds.Add(access.First);
                bounds.Add(access.End);
            }
        }

        return [.. bounds];
    }
}
