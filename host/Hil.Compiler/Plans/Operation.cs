using Hil.Contract.Isa;
using Hil.Contract.Programs;

namespace Hil.Compiler.Plans;

/// <summary>One use of a region by an operation: the field that takes the address, and the bytes it covers.</summary>
internal readonly record struct Operand(
    Field Field, Region Region, long Offset, long RowBytes, int Rows, int StrideBytes, bool Writes)
{
    public long First => Region.Address + Offset;

    public long End => First + ((Rows - 1L) * StrideBytes) + RowBytes;
}

/// <summary>A range of parameter entries, row scales or table slots that an operation uses.</summary>
/// <param name="Content">What the reader expects to find there, as its writer named it.</param>
internal readonly record struct EntryUse(EntryKind Kind, int First, int Count, bool Writes, object Content);

internal enum EntryKind
{
    Parameters,
    RowScales,
    Table,
}

/// <summary>The content of a weight slot, from its load to its last COMPUTE; the scheduler gives it a slot.</summary>
internal sealed class SlotContent
{
    public int ComputesLeft { get; set; }

    public int Slot { get; set; } = -1;
}

/// <summary>The content of an accumulator half, from its first COMPUTE to its REQUANTIZE; the scheduler gives it a half.</summary>
internal sealed class Sum
{
    public int Half { get; set; } = -1;

    /// <summary>Loads of the strips of this sum that are not committed yet; while there are any, no other sum's loads may come between.</summary>
    public int LoadsLeft { get; set; }
}

/// <summary>
/// One instruction before scheduling: everything but slot, half, addresses and tokens is in <see cref="Word"/>.
/// </summary>
internal sealed class Operation(StepKind kind, Unit unit, Instruction word, int layer)
{
    private readonly List<Operation> _needs = [];

    // The operation that was the last to need this one: there are millions of needs, and a set for each operation takes most of the time to compile.
    private Operation? _neededBy;

    public int Index { get; set; }

    public StepKind Kind { get; } = kind;

    public Unit Unit { get; } = unit;

    public Instruction Word { get; set; } = word;

    /// <summary>Index of the graph layer it belongs to.</summary>
    public int Layer { get; } = layer;

    public List<Operand> Operands { get; } = [];

    public List<EntryUse> Entries { get; } = [];

    public Constant? Constant { get; init; }

    public SlotContent? Slot { get; init; }

    public Sum? Sum { get; init; }

    /// <summary>Cycles of execution; of a port instruction without waits for the port.</summary>
    public long Duration { get; set; }

    /// <summary>Operations that must come before it in the program: hazards on memory, and order that lowering asks for.</summary>
    public IReadOnlyList<Operation> Needs => _needs;

    /// <summary>Operations that need it.</summary>
    public List<Operation> Followers { get; } = [];

    /// <summary>Multiply-accumulates done by a COMPUTE, counting real rows and columns of the matrix.</summary>
    public long Macs { get; init; }

    /// <summary>Long work of the vector unit that can make way for a REQUANTIZE.</summary>
    public bool Background { get; init; }

    /// <summary>Which rows of such work it does, where they could have been others.</summary>
    public Piece? Piece { get; init; }

    public int Waiting { get; set; }

    /// <summary>The first cycle after what it needs of other units, of that which is committed.</summary>
    public long NeedsEnd { get; set; }

    public long Start { get; set; }

    public long End { get; set; }

    /// <summary>Adds a need once, as long as no other operation is given needs meanwhile.</summary>
    public void Need(Operation other)
    {
        if (other._neededBy == this) return;
        other._neededBy = this;
        _needs.Add(other);
    }

    /// <summary>Those of some operations that no other of them needs: what comes after these comes after all.</summary>
    public static Operation[] Last(IReadOnlyCollection<Operation> among)
    {
        foreach (Operation op in among) op._neededBy = null;
        foreach (Operation op in among)
        {
            foreach (Operation need in op._needs) need._neededBy = op;
        }

        return [.. among.Where(op => op._neededBy is null)];
    }

    /// <summary>Adds those needs that it does not have.</summary>
    public void NeedAlso(IEnumerable<Operation> others)
    {
        foreach (Operation need in _needs) need._neededBy = this;
        foreach (Operation other in others) Need(other);
    }
}
