using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Specification.Timing;

namespace Hil.Specification.Programs;

internal enum Place
{
    /// <summary>Of one owner at a time, whatever it does there.</summary>
    Bank,
    Slot,
    Half,
    ParameterEntry,
    Table,
    RowScale,
    Main,
}

/// <summary>First ... last of a place that an instruction touches.</summary>
internal readonly record struct Touch(Place Place, long First, long Last, bool Writes)
{
    public bool Conflicts(Touch other) =>
        Place == other.Place && First <= other.Last && other.First <= Last
        && (Writes || other.Writes || Place == Place.Bank);
}

/// <summary>What an instruction touches while it executes.</summary>
internal sealed class Touches(Machine machine)
{
    private readonly Durations _durations = new(machine);

    public IReadOnlyList<Touch> Of(Instruction i)
    {
        var touches = new List<Touch>();
        if (_durations.PortBytes(i) is { } bytes)
        {
            long main = _durations.PortAddress(i);
            touches.Add(new Touch(Place.Main, main, main + bytes - 1, i.Opcode == Opcode.Store));
        }

        switch (i.Opcode)
        {
            case Opcode.Load:
                touches.Add(Bank(i[Load.Scratch]));
                break;
            case Opcode.Store:
                touches.Add(Bank(i[Store.Scratch]));
                break;
            case Opcode.LoadWeights:
                touches.Add(new Touch(Place.Slot, i[LoadWeights.Slot], i[LoadWeights.Slot], true));
                break;
            case Opcode.LoadDynamic:
                touches.Add(new Touch(Place.Slot, i[LoadDynamic.Slot], i[LoadDynamic.Slot], true));
                touches.Add(Bank(i[LoadDynamic.Scratch]));
                break;
            case Opcode.LoadParameters:
                touches.Add(Range(Place.ParameterEntry, i[LoadParameters.First], i[LoadParameters.Count], true));
                break;
            case Opcode.LoadTable:
                touches.Add(new Touch(Place.Table, i[LoadTable.Slot], i[LoadTable.Slot], true));
                break;
            case Opcode.Compute:
                touches.Add(new Touch(Place.Half, i[Compute.Half], i[Compute.Half], true));
                touches.Add(new Touch(Place.Slot, i[Compute.Slot], i[Compute.Slot], false));
                touches.Add(Bank(i[Compute.Source]));
                break;
            case Opcode.Requantize:
                AddRequantize(i, touches);
                break;
            case Opcode.LayerNorm:
                AddVector(touches, i[LayerNorm.Index], ((i[LayerNorm.Columns] + Lanes - 1) / Lanes * Lanes) + 1);
                touches.Add(Bank(i[LayerNorm.Source]));
                touches.AddRange(i.Flag(LayerNorm.Write8) ? [Bank(i[LayerNorm.Output8])] : []);
                touches.AddRange(i.Flag(LayerNorm.Write16) ? [Bank(i[LayerNorm.Output16])] : []);
                break;
            case Opcode.Softmax:
                AddVector(touches, i[Softmax.Index], Lanes + ((i[Softmax.Columns] + 63) / 64));
                touches.AddRange([Bank(i[Softmax.Source]), Bank(i[Softmax.Output])]);
                touches.Add(Range(Place.RowScale, i[Softmax.RowScale], i[Softmax.Rows], true));
                break;
            case Opcode.Map:
                AddVector(touches, i[Map.Index], 1);
                touches.AddRange([Bank(i[Map.Source]), Bank(i[Map.Output])]);
                touches.AddRange(
                    i.Flag(Map.UseTable) ? [new Touch(Place.Table, i[Map.TableSlot], i[Map.TableSlot], false)] : []);
                break;
            case Opcode.Add:
                AddVector(touches, i[Add.Index], Lanes + 1);
                touches.AddRange([Bank(i[Add.A]), Bank(i[Add.B]), Bank(i[Add.Output])]);
                break;
            default:
                break;
        }

        return touches;
    }

    private uint Lanes => (uint)machine.Lanes;

    private static void AddVector(List<Touch> touches, uint index, uint entries) =>
        touches.Add(Range(Place.ParameterEntry, index, entries, false));

    private void AddRequantize(Instruction i, List<Touch> touches)
    {
        touches.Add(Bank(i[Requantize.Output]));
        touches.Add(new Touch(Place.Half, i[Requantize.Half], i[Requantize.Half], false));
        touches.Add(i.Flag(Requantize.PerRow)
            ? Range(Place.RowScale, i[Requantize.Index], i[Requantize.Rows], false)
            : Range(Place.ParameterEntry, i[Requantize.Index], i[Requantize.Columns], false));
        if (i.Flag(Requantize.UseTable))
        {
            touches.Add(new Touch(Place.Table, i[Requantize.TableSlot], i[Requantize.TableSlot], false));
        }
    }

    private Touch Bank(uint address)
    {
        long bank = address / machine.Scratchpad.BankBytes;
        return new Touch(Place.Bank, bank, bank, true);
    }

    private static Touch Range(Place place, uint first, uint count, bool writes) =>
        new(place, first, (long)first + count - 1, writes);
}
