using System.Collections.Immutable;
using Hil.Contract.Isa;

namespace Hil.Specification.Timing;

internal enum FetchState
{
    Idle,
    Request,
    Burst,
}

internal enum UnitState
{
    Idle,
    Fixed,
    Request,
    Burst,
    Tail,
}

/// <summary>The registers of one executing unit.</summary>
internal struct UnitRegisters
{
    public UnitState State;

    /// <summary>Cycles left in Fixed or Tail, this one included.</summary>
    public long Remaining;

    public int Instruction;
    public long Start;

    /// <summary>Next byte of main memory, and bytes not yet requested.</summary>
    public long Address;
    public long Left;
}

/// <summary>Everything that one cycle hands to the next.</summary>
internal sealed class Registers
{
    public const int PortFree = -1;
    public const int PortFetch = 4;

    public readonly ImmutableList<int>[] Queue = [[], [], [], []];
    public readonly int[,] Tokens = new int[Units.Count, Units.Count];
    public readonly UnitRegisters[] Unit = new UnitRegisters[Units.Count];

    public ImmutableList<int> Buffer = [];
    public FetchState Fetch;
    public int Next;

    /// <summary>A unit's number, PortFetch or PortFree.</summary>
    public int PortOwner = PortFree;
    public long PortRemaining;
    public long PortBytes;

    /// <summary>Cycles of the dispatch under way that have passed; 0 if none is under way.</summary>
    public int DispatchPassed;

    public bool Trapped;
    public long Inactive;

    public void CopyFrom(Registers other)
    {
        Array.Copy(other.Queue, Queue, Queue.Length);
        Array.Copy(other.Tokens, Tokens, Tokens.Length);
        Array.Copy(other.Unit, Unit, Unit.Length);
        Buffer = other.Buffer;
        (Fetch, Next, PortOwner, PortRemaining, PortBytes) =
            (other.Fetch, other.Next, other.PortOwner, other.PortRemaining, other.PortBytes);
        (DispatchPassed, Trapped, Inactive) = (other.DispatchPassed, other.Trapped, other.Inactive);
    }
}
