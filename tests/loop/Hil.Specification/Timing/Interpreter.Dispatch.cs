using Hil.Contract.Isa;
using Hil.Contract.Records;

namespace Hil.Specification.Timing;

/// <content>Fetch and dispatch, docs/timing.md section 3.</content>
public sealed partial class Interpreter
{
    /// <summary>True if the segment is done in this cycle.</summary>
    private bool StepDispatch()
    {
        bool unitsIdle = _old.Unit.All(u => u.State == UnitState.Idle);
        if (_old.Trapped)
        {
            _tally.DispatchStopped++;
            return unitsIdle && _old.Fetch != FetchState.Burst;
        }

        if (_old.Buffer.Count == 0)
        {
            _tally.DispatchStarved++;
            return false;
        }

        int index = _old.Buffer[0];
        bool illegal = _illegal[index] != TrapReason.None;
        if (!illegal && _program[index].Opcode == Opcode.End)
        {
            _tally.DispatchDraining++;
            return unitsIdle && _old.Queue.All(q => q.Count == 0);
        }

        Unit unit = InstructionSet.Find(_program[index].Opcode)?.Unit ?? Unit.Control;
        int target = (int)unit;
        if (unit != Unit.Control && _old.DispatchPassed == 0 && _old.Queue[target].Count >= _machine.Issue.QueueDepth)
        {
            _tally.DispatchFull[target]++;
            return false;
        }

        _active = true;
        _tally.DispatchBusy++;
        _new.DispatchPassed = _old.DispatchPassed + 1;
        if (_new.DispatchPassed == _machine.Issue.DispatchCycles)
        {
            _new.DispatchPassed = 0;
            _new.Buffer = _new.Buffer.RemoveAt(0);
            if (illegal)
            {
                _dispatchTrap = new TrapRecord(_illegal[index], index);
            }
            else
            {
                _new.Queue[target] = _new.Queue[target].Add(index);
            }
        }

        return false;
    }

    private void StepFetch()
    {
        int count = FetchCount(_old.Next);
        switch (_old.Fetch)
        {
            case FetchState.Idle:
                bool room = _old.Buffer.Count + count <= 2 * _machine.Issue.FetchInstructions;
                if (!_old.Trapped && _old.Next < _program.Count && room)
                {
                    _new.Fetch = FetchState.Request;
                }

                break;
            case FetchState.Request:
                _new.Fetch = _old.Trapped ? FetchState.Idle
                    : _granted == Registers.PortFetch ? FetchState.Burst
                    : FetchState.Request;
                break;
            case FetchState.Burst when IsLastCycleOfBurst(Registers.PortFetch):
                _new.Buffer = _new.Buffer.AddRange(Enumerable.Range(_old.Next, count));
                _new.Next += count;
                _new.Fetch = FetchState.Idle;
                break;
            default:
                break;
        }
    }

    private int FetchCount(int next) => Math.Min(_machine.Issue.FetchInstructions, _program.Count - next);
}
