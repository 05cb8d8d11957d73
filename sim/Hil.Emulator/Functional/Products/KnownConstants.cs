using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Isa = Hil.Contract.Isa;

namespace Hil.Emulator.Functional.Products;

/// <summary>
/// What the parameter and table memories hold at a point of the program, where the image alone says it. Main memory that a
/// program stores to, or that the host writes inputs to, is not constant.
/// </summary>
internal sealed class KnownConstants
{
    private readonly ProgramImage _program;
    private readonly List<Region> _written = [];
    private readonly byte[] _parameters;
    private readonly bool[] _parameterKnown;
    private readonly byte[]?[] _tables;

    public KnownConstants(Machine machine, ProgramImage program, Instruction[] code)
    {
        _program = program;
        _parameters = new byte[machine.ParameterEntries * ParameterEntry.Bytes];
        _parameterKnown = new bool[machine.ParameterEntries];
        _tables = new byte[machine.TableSlots][];
        foreach (Instruction i in code)
        {
            if (i.Opcode != Opcode.Store) continue;
            long bytes = (long)i[Isa.Store.Rows] * i[Isa.Store.RowWords] * machine.WordBytes;
            _written.Add(new Region(i[Isa.Store.Main], bytes, 1, 0));
        }

        foreach (TensorPlace place in program.Inputs)
        {
            if (place.Space != Space.Main) continue;
            long bytes = (long)place.Rows * place.StrideBytes;
            _written.Add(new Region(place.Address, bytes, 1, 0));
            if (place.Type == ElementType.Wide15) _written.Add(new Region(place.SecondAddress, bytes, 1, 0));
        }
    }

    /// <summary>The bytes of the image at an address, or empty if they are not constant.</summary>
    public ReadOnlySpan<byte> Constant(long address, int bytes)
    {
        var region = new Region(address, bytes, 1, 0);
        bool inside = address >= _program.ImageBase && region.End <= _program.ImageBase + (long)_program.Image.Length;
        return inside && !_written.Exists(w => w.MayOverlap(region))
            ? _program.Image.Span.Slice((int)(address - _program.ImageBase), bytes)
            : default;
    }

    public void LoadParameters(Instruction i)
    {
        int first = (int)i[Isa.LoadParameters.First];
        int count = (int)i[Isa.LoadParameters.Count];
        ReadOnlySpan<byte> constant = Constant(i[Isa.LoadParameters.Main], count * ParameterEntry.Bytes);
        constant.CopyTo(_parameters.AsSpan(first * ParameterEntry.Bytes));
        _parameterKnown.AsSpan(first, count).Fill(!constant.IsEmpty);
    }

    public void LoadTable(Instruction i)
    {
        ReadOnlySpan<byte> constant = Constant(i[Isa.LoadTable.Main], DeviceState.TableBytes);
        _tables[i[Isa.LoadTable.Slot]] = constant.IsEmpty ? null : constant.ToArray();
    }

    public byte[]? Table(uint slot) => _tables[slot];

    public bool ParametersKnown(int first, int count) => !_parameterKnown.AsSpan(first, count).Contains(false);

    public ParameterEntry Parameter(int entry) => ParameterEntry.Read(_parameters.AsSpan(entry * ParameterEntry.Bytes));
}
