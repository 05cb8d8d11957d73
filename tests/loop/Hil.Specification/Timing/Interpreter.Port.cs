using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Specification.Timing;

/// <content>The memory port, docs/timing.md section 5.</content>
public sealed partial class Interpreter
{
    private void StepPort()
    {
        _granted = Registers.PortFree;
        if (_old.PortOwner != Registers.PortFree)
        {
            _active = true;
            _new.PortRemaining = _old.PortRemaining - 1;
            if (_old.PortRemaining == 1)
            {
                CountBurst(_old.PortOwner, _old.PortBytes);
                _new.PortOwner = Registers.PortFree;
            }

            return;
        }

        if (_old.Fetch == FetchState.Request && !_old.Trapped)
        {
            int count = FetchCount(_old.Next);
            Grant(Registers.PortFetch, _entry + (Instruction.Bytes * (long)_old.Next), Instruction.Bytes * (long)count);
        }
        else if (_old.Unit[(int)Unit.Store].State == UnitState.Request)
        {
            GrantUnit(Unit.Store);
        }
        else if (_old.Unit[(int)Unit.Load].State == UnitState.Request)
        {
            GrantUnit(Unit.Load);
        }
    }

    private void GrantUnit(Unit unit)
    {
        UnitRegisters registers = _old.Unit[(int)unit];
        int largest = _durations.RegionAt(registers.Address).MaxBurstBytes;
        long bytes = Math.Min(registers.Left, largest - (registers.Address % largest));
        Grant((int)unit, registers.Address, bytes);
        _new.Unit[(int)unit].Address += bytes;
        _new.Unit[(int)unit].Left -= bytes;
    }

    private void Grant(int owner, long address, long bytes)
    {
        MemoryRegion region = _durations.RegionAt(address);
        long latency = owner == (int)Unit.Store ? region.WriteLatencyCycles : region.ReadLatencyCycles;
        long beats = (bytes + region.BeatBytes - 1) / region.BeatBytes;
        long crossed = region.PageBytes == 0
            ? 0
            : ((address + bytes - 1) / region.PageBytes) - (address / region.PageBytes);
        _new.PortOwner = owner;
        _new.PortBytes = bytes;
        _new.PortRemaining = latency + (beats * region.CyclesPerBeat) + (region.PageCycles * crossed);
        _granted = owner;
        _active = true;
    }

    private void CountBurst(int owner, long bytes)
    {
        switch (owner)
        {
            case Registers.PortFetch:
                _tally.FetchBytes += bytes;
                break;
            case (int)Unit.Load:
                _tally.LoadBytes += bytes;
                break;
            default:
                _tally.StoreBytes += bytes;
                break;
        }
    }

    private bool IsLastCycleOfBurst(int owner) => _old.PortOwner == owner && _old.PortRemaining == 1;
}
