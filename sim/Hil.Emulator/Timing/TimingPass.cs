using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;

namespace Hil.Emulator.Timing;

/// <summary>
/// Cycles and counters of a program by docs/timing.md, without data. It looks only at cycles in which something changes:
/// what lies between two of them counts as the first of them did.
/// </summary>
public sealed class TimingPass
{
    private readonly Machine _machine;
    private readonly ProgramImage _program;
    private readonly EmulatorOptions _options;
    private readonly TimedInstruction[] _code;
    private readonly CounterSums _sums = new();
    private readonly TokenCounters _tokens = new();
    private readonly UnitState[] _units;
    private readonly FetchState _fetch;
    private readonly LayerClock _layers;
    private readonly MemoryPort _port;
    private readonly bool[] _executed;
    private readonly List<Retirement> _trace = [];
    private readonly int _dispatchCycles;
    private readonly int _deadlockCycles;

    private long _now;
    private bool _changed;
    private int _dispatchLeft;
    private long _inactive;
    private TrapRecord _trap = TrapRecord.None;
    private TrapRecord? _raised;
    private bool _done;

    private TimingPass(Machine machine, ProgramImage program, EmulatorOptions options)
    {
        (_machine, _program, _options) = (machine, program, options);
        var rules = new TimingRules(machine, options.Mutation);
        _code = TimedProgram.Decode(machine, program, rules);
        _executed = new bool[_code.Length];
        int depth = machine.Issue.QueueDepth + (options.Mutation == EmulatorMutation.QueueHoldsOneMore ? 1 : 0);
        _units = new UnitState[Units.Count];
        for (int u = 0; u < Units.Count; u++) _units[u] = new UnitState(depth);
        _port = new MemoryPort(machine, rules, options.Mutation);
        _fetch = new FetchState(machine, program, options.Mutation);
        _layers = new LayerClock(program, options.Mutation);
        _dispatchCycles = machine.Issue.DispatchCycles
            + (options.Mutation == EmulatorMutation.DispatchOneCycleMore ? 1 : 0);
        _deadlockCycles = machine.Issue.DeadlockCycles
            + (options.Mutation == EmulatorMutation.DeadlockOneCycleLate ? 1 : 0);
    }

    private bool Trapped => _trap.Reason != TrapReason.None;

    /// <summary>Runs a program from START to DONE.</summary>
    public static TimingResult Run(Machine machine, ProgramImage program, EmulatorOptions? options = null)
    {
        var pass = new TimingPass(machine, program, options ?? EmulatorOptions.Default);
        while (!pass._done) pass.Cycle();
        return new TimingResult(
            pass._sums.ToCounters(pass._now, pass._fetch.Bytes),
            pass._trap, pass._layers.Finish(pass._now), pass._trace, pass._executed);
    }

    private void Cycle()
    {
        _changed = false;
        _raised = null;
        bool wasFree = _port.IsFree(_now);
        bool idleBefore = Array.TrueForAll(_units, u => u.Phase == UnitPhase.Idle);
        bool emptyBefore = Array.TrueForAll(_units, u => u.Queued == 0);
        int bufferedBefore = _fetch.Buffered;
        bool fetchInBurst = _fetch.Phase == FetchPhase.Burst;
        foreach (UnitState unit in _units) unit.QueuedBefore = unit.Queued;

        PortUser granted = wasFree ? Grant() : PortUser.None;
        bool active = !wasFree || granted != PortUser.None;
        for (int u = 0; u < Units.Count; u++)
        {
            if (_units[u].Phase == UnitPhase.Idle) active |= TryStart(u);
            else active = true;
        }

        for (int u = 0; u < Units.Count; u++)
        {
            if (_units[u].Phase != UnitPhase.Idle && !_units[u].StartedNow) Execute(u, granted);
        }

        bool dispatchBusy = Dispatch(idleBefore && emptyBefore);
        _changed |= _fetch.Step(_now, Trapped, granted == PortUser.Fetch, bufferedBefore);
        if (Trapped && idleBefore && !fetchInBurst) _done = true;
        active |= dispatchBusy;
        Advance(active);
    }

    private PortUser Grant()
    {
        PortUser winner = _port.Choose(
            _fetch.Phase == FetchPhase.Request && !Trapped,
            _units[(int)Unit.Store].Phase == UnitPhase.Request,
            _units[(int)Unit.Load].Phase == UnitPhase.Request);
        if (winner == PortUser.None) return winner;
        _changed = true;
        if (winner == PortUser.Fetch)
        {
            _fetch.End = _port.Occupy(_now, _fetch.Address, _fetch.BurstBytes, write: false);
        }
        else
        {
            UnitState unit = _units[winner == PortUser.Store ? (int)Unit.Store : (int)Unit.Load];
            unit.BurstBytes = _port.NextBurst(unit.Address, unit.BytesLeft);
            unit.End = _port.Occupy(_now, unit.Address, unit.BurstBytes, write: winner == PortUser.Store);
        }

        return winner;
    }

    private bool TryStart(int u)
    {
        UnitState unit = _units[u];
        unit.Class = CycleClass.Idle;
        if (Trapped || unit.Queued == 0) return false;
        int index = unit.Head;
        ref readonly TimedInstruction next = ref _code[index];
        int missing = _tokens.FirstMissing(u, next.Wait, _options.Mutation == EmulatorMutation.StallNamesHighestUnit);
        if (missing >= 0)
        {
            unit.Class = CycleClass.Stall;
            unit.StalledOn = missing;
            return false;
        }

        unit.Dequeue();
        _tokens.Take(u, next.Wait);
        unit.Start(index, _now, next, _sums.Busy[u]);
        _changed = true;
        return true;
    }

    private void Execute(int u, PortUser granted)
    {
        UnitState unit = _units[u];
        unit.Class = CycleClass.Busy;
        switch (unit.Phase)
        {
            case UnitPhase.Request:
                bool mine = granted == (u == (int)Unit.Store ? PortUser.Store : PortUser.Load) && granted != PortUser.None;
                if (mine) unit.Phase = UnitPhase.Burst;
                else if (_options.Mutation != EmulatorMutation.PortWaitCountedBusy) unit.Class = CycleClass.PortWait;
                break;
            case UnitPhase.Burst when unit.End == _now:
                _sums.PortBytes[u] += unit.BurstBytes;
                unit.Address += unit.BurstBytes;
                unit.BytesLeft -= unit.BurstBytes;
                unit.Phase = unit.BytesLeft > 0 ? UnitPhase.Request : UnitPhase.Fixed;
                unit.End = _now + _port.Tail;
                _changed = true;
                break;
            case UnitPhase.Fixed when unit.End == _now:
                Retire(u);
                _changed = true;
                break;
            default:
                break;
        }
    }

    private void Retire(int u)
    {
        UnitState unit = _units[u];
        int index = unit.Current;
        ref readonly TimedInstruction i = ref _code[index];
        unit.Phase = UnitPhase.Idle;
        if (!_tokens.Post(u, i.Post)) _raised ??= new TrapRecord(TrapReason.TokenOverflow, _fetch.Head);
        _executed[index] = true;
        _sums.Retired[u]++;
        _sums.Tiles += i.Tiles;
        _sums.StreamedRows += _options.Mutation == EmulatorMutation.StreamedRowsIgnoreTiles
            ? i.Rows
            : (long)i.Tiles * i.Rows;
        _layers.Retired(index, u, _now, _sums.Busy[u] + 1 - unit.BusyAtStart);
        if (_options.Trace) _trace.Add(new Retirement(index, (Unit)u, unit.StartedAt, _now));
    }

    /// <summary>True if the cycle counts as dispatchBusy.</summary>
    private bool Dispatch(bool allDrained)
    {
        if (Trapped) return Count(DispatchClass.Stopped);
        if (_fetch.Buffered == 0) return Count(DispatchClass.Starved);
        int index = _fetch.Head;
        ref readonly TimedInstruction i = ref _code[index];
        bool illegal = i.Illegal != TrapReason.None;
        if (!illegal && i.Unit == Unit.Control)
        {
            _done = allDrained;
            return Count(DispatchClass.Draining);
        }

        int u = (int)i.Unit;
        if (_dispatchLeft == 0)
        {
            if (i.Unit != Unit.Control && _units[u].QueuedBefore >= _units[u].Capacity)
            {
                _sums.FullUnit = u;
                return Count(DispatchClass.Full);
            }

            _dispatchLeft = _dispatchCycles;
        }

        _changed = true;
        if (--_dispatchLeft == 0)
        {
            if (illegal) _raised ??= new TrapRecord(i.Illegal, index);
            else _units[u].Enqueue(index);
            _fetch.Head++;
        }

        return Count(DispatchClass.Busy);
    }

    private bool Count(DispatchClass kind)
    {
        _sums.Dispatch = kind;
        return kind == DispatchClass.Busy;
    }

    private void Advance(bool active)
    {
        bool watching = !active && !Trapped && !_done;
        if (watching && _inactive + 1 >= _deadlockCycles)
        {
            _raised ??= new TrapRecord(TrapReason.Deadlock, _fetch.Head);
        }

        if (_raised is not null && !_done) (_trap, _changed) = (Trapped ? _trap : _raised, true);
        long cycles = _changed || _done ? 1 : NextEvent(watching) - _now;
        _inactive = active ? 0 : _inactive + cycles;
        _sums.Add(_units, cycles);
        _now += cycles;
    }

    private long NextEvent(bool watching)
    {
        long next = watching ? _now + _deadlockCycles - _inactive - 1 : long.MaxValue;
        foreach (UnitState unit in _units)
        {
            if (unit.Phase is UnitPhase.Fixed or UnitPhase.Burst) next = Math.Min(next, unit.End);
        }

        return _fetch.Phase == FetchPhase.Burst ? Math.Min(next, _fetch.End) : next;
    }
}
