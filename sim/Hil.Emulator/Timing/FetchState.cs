using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Emulator.Timing;

public enum FetchPhase
{
    Idle,
    Request,
    Burst,
}

/// <summary>Fetch and its buffer (docs/timing.md section 3).</summary>
public sealed class FetchState(Machine machine, ProgramImage program, EmulatorMutation mutation)
{
    private readonly int _group = machine.Issue.FetchInstructions;
    private int _appended;

    public FetchPhase Phase { get; private set; }

    /// <summary>The last cycle of the burst.</summary>
    public long End { get; set; }

    /// <summary>The instruction at the head of the buffer, if there is one.</summary>
    public int Head { get; set; }

    public int Buffered => _appended - Head;

    public long Bytes { get; private set; }

    public long Address => program.Entry + ((long)Instruction.Bytes * _appended);

    public long BurstBytes => (long)Instruction.Bytes * Count;

    private int Count => Math.Min(_group, program.InstructionCount - _appended);

    /// <summary>One cycle; true if the state changes.</summary>
    public bool Step(long now, bool trapped, bool granted, int bufferedBefore)
    {
        switch (Phase)
        {
            case FetchPhase.Idle:
                bool room = mutation == EmulatorMutation.FetchWaitsForEmptyBuffer
                    ? bufferedBefore == 0
                    : bufferedBefore + Count <= 2 * _group;
                if (trapped || Count == 0 || !room) return false;
                Phase = FetchPhase.Request;
                return true;
            case FetchPhase.Request:
                if (!trapped && !granted) return false;
                Phase = trapped ? FetchPhase.Idle : FetchPhase.Burst;
                return true;
            default:
                if (now != End) return false;
                Bytes += BurstBytes;
                _appended += Count;
                Phase = FetchPhase.Idle;
                return true;
        }
    }
}
