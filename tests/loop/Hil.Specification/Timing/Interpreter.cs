using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;

namespace Hil.Specification.Timing;

/// <summary>
/// docs/timing.md, one cycle after the other: each cycle computes all new registers from all old ones. Slow and obvious; it knows nothing of data.
/// </summary>
public sealed partial class Interpreter
{
    private readonly Machine _machine;
    private readonly Durations _durations;
    private readonly IReadOnlyList<Instruction> _program;
    private readonly IReadOnlyList<TrapReason> _illegal;
    private readonly long _entry;
    private readonly Tally _tally = new();
    private readonly List<Retirement> _retirements = [];
    private readonly List<long> _busy = [];
    private readonly long[] _busyAtStart = new long[Units.Count];
    private Registers _old = new();
    private Registers _new = new();
    private TrapRecord _trap = TrapRecord.None;

    // What the parts of the cycle under way tell one another: the port's grant, and what traps.
    private int _granted;
    private bool _active;
    private TrapRecord? _overflow;
    private TrapRecord? _dispatchTrap;

    private Interpreter(Machine machine, IReadOnlyList<Instruction> program, IReadOnlyList<TrapReason> illegal, long entry)
    {
        (_machine, _program, _illegal, _entry) = (machine, program, illegal, entry);
        _durations = new Durations(machine);
    }

    /// <summary>Runs one segment.</summary>
    /// <param name="legality">The reason why an instruction is illegal on this machine, or None.</param>
    /// <exception cref="InvalidOperationException">The segment was not done after so many cycles.</exception>
    public static TimingResult Run(
        Machine machine, ProgramImage program, Func<Instruction, TrapReason> legality, long cycleLimit = 10_000_000)
    {
        ArgumentNullException.ThrowIfNull(program);
        Instruction[] instructions = [.. Enumerable.Range(0, program.InstructionCount).Select(i => program[i])];
        return Run(machine, instructions, program.Entry, legality, cycleLimit);
    }

    public static TimingResult Run(
        Machine machine,
        IReadOnlyList<Instruction> instructions,
        long entry,
        Func<Instruction, TrapReason> legality,
        long cycleLimit = 10_000_000)
    {
        var interpreter = new Interpreter(machine, instructions, [.. instructions.Select(legality)], entry);
        for (long cycle = 0; cycle < cycleLimit; cycle++)
        {
            if (interpreter.StepIsLast(cycle))
            {
                return new TimingResult(interpreter._trap, interpreter._tally.ToCounters(), interpreter._retirements, interpreter._busy);
            }
        }

        throw new InvalidOperationException($"The segment is not done after {cycleLimit} cycles.");
    }

    private bool StepIsLast(long cycle)
    {
        _new.CopyFrom(_old);
        (_active, _overflow, _dispatchTrap) = (false, null, null);
        _tally.Cycles++;

        StepPort();
        for (int u = 0; u < Units.Count; u++)
        {
            StepUnit(u, cycle);
        }

        CheckOverflow();
        bool done = StepDispatch();
        StepFetch();
        StepTrap(done);

        (_old, _new) = (_new, _old);
        return done;
    }

    private void StepUnit(int u, long cycle)
    {
        UnitRegisters unit = _old.Unit[u];
        if (unit.State == UnitState.Idle)
        {
            StepIdleUnit(u, cycle);
            return;
        }

        _active = true;
        if (unit.State == UnitState.Request && _granted != u)
        {
            _tally.PortWait[u]++;
            return;
        }

        _tally.Busy[u]++;
        switch (unit.State)
        {
            case UnitState.Request:
                _new.Unit[u].State = UnitState.Burst;
                break;
            case UnitState.Burst when IsLastCycleOfBurst(u):
                const int PortTail = 2;
                _new.Unit[u].State = unit.Left > 0 ? UnitState.Request : UnitState.Tail;
                _new.Unit[u].Remaining = PortTail;
                break;
            case UnitState.Fixed or UnitState.Tail:
                _new.Unit[u].Remaining--;
                if (unit.Remaining == 1)
                {
                    Retire(u, cycle);
                }

                break;
            default:
                break;
        }
    }

    private void StepIdleUnit(int u, long cycle)
    {
        if (_old.Trapped || _old.Queue[u].Count == 0)
        {
            _tally.Idle[u]++;
            return;
        }

        int index = _old.Queue[u][0];
        Instruction instruction = _program[index];
        for (int p = 0; p < Units.Count; p++)
        {
            if (Has(instruction.Wait, p) && _old.Tokens[p, u] == 0)
            {
                _tally.Stall[(u * Units.Count) + p]++;
                return;
            }
        }

        _active = true;
        _tally.Issue[u]++;
        _new.Queue[u] = _old.Queue[u].RemoveAt(0);
        for (int p = 0; p < Units.Count; p++)
        {
            _new.Tokens[p, u] -= Has(instruction.Wait, p) ? 1 : 0;
        }

        UnitRegisters started = new() { Instruction = index, Start = cycle };
        if (_durations.PortBytes(instruction) is { } bytes)
        {
            (started.State, started.Address, started.Left) = (UnitState.Request, _durations.PortAddress(instruction), bytes);
        }
        else
        {
            (started.State, started.Remaining) = (UnitState.Fixed, _durations.Fixed(instruction));
        }

        _new.Unit[u] = started;
        _busyAtStart[u] = _tally.Busy[u];
    }

    private void Retire(int u, long cycle)
    {
        int index = _old.Unit[u].Instruction;
        Instruction instruction = _program[index];
        for (int c = 0; c < Units.Count; c++)
        {
            _new.Tokens[u, c] += Has(instruction.Post, c) ? 1 : 0;
        }

        _new.Unit[u].State = UnitState.Idle;
        _retirements.Add(new Retirement(index, (Unit)u, _old.Unit[u].Start, cycle));
        _busy.Add(_tally.Busy[u] - _busyAtStart[u]);
        _tally.Retired[u]++;
        if (instruction.Opcode == Opcode.Compute)
        {
            _tally.Tiles += instruction[Compute.Tiles];
            _tally.StreamedRows += (long)instruction[Compute.Tiles] * instruction[Compute.Rows];
        }
    }

    /// <summary>After all units, since a token may be taken and posted in one cycle.</summary>
    private void CheckOverflow()
    {
        const int MostTokens = 15;
        for (int p = Units.Count - 1; p >= 0; p--)
        {
            for (int c = 0; c < Units.Count; c++)
            {
                if (_new.Tokens[p, c] > MostTokens)
                {
                    _new.Tokens[p, c] = MostTokens;
                    _overflow = new TrapRecord(TrapReason.TokenOverflow, FirstNotDispatched);
                }
            }
        }
    }

    private int FirstNotDispatched => _old.Buffer.Count > 0 ? _old.Buffer[0] : _old.Next;

    private void StepTrap(bool done)
    {
        _new.Inactive = _active ? 0 : _old.Inactive + 1;
        if (_old.Trapped || done)
        {
            return;
        }

        TrapRecord? deadlock = _new.Inactive >= _machine.Issue.DeadlockCycles
            ? new TrapRecord(TrapReason.Deadlock, FirstNotDispatched)
            : null;
        if ((_overflow ?? _dispatchTrap ?? deadlock) is { } trap)
        {
            _trap = trap;
            _new.Trapped = true;
        }
    }

    private static bool Has(UnitSet set, int unit) => (((int)set >> unit) & 1) != 0;
}
