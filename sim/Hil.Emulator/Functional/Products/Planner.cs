using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Verification;
using Isa = Hil.Contract.Isa;

namespace Hil.Emulator.Functional.Products;

/// <summary>One step of a prepared program: an instruction by itself, a product, or the end of a layer.</summary>
internal readonly record struct PlanStep(int Instruction, Product? Product, int Layer)
{
    public static PlanStep Of(int instruction) => new(instruction, null, -1);

    public static PlanStep Of(Product product) => new(-1, product, -1);

    public static PlanStep EndOf(int layer) => new(-1, null, layer);
}

/// <summary>
/// Turns a program into steps: COMPUTE and REQUANTIZE of strips with the same activations become one product. Strips are held
/// back while nothing touches what they read or write; in doubt they run, and the instruction by itself after them.
/// </summary>
internal sealed class Planner
{
    private readonly Machine _machine;
    private readonly Instruction[] _code;
    private readonly KnownConstants _constants;
    private readonly PendingStrips _pending;
    private readonly List<PlanStep> _steps = [];
    private readonly WeightBinding?[] _slots = new WeightBinding?[2];
    private readonly bool[] _slotFilled = new bool[2];

    private Planner(Machine machine, ProgramImage program, Instruction[] code, EmulatorOptions options)
    {
        (_machine, _code) = (machine, code);
        _constants = new KnownConstants(machine, program, code);
        SimdLevel level = SimdLevels.Choose(options.Simd);
        _pending = new PendingStrips(machine, ProductKernel.For(level), level >= SimdLevel.Avx2);
    }

    public static List<PlanStep> Plan(
        Machine machine, ProgramImage program, Instruction[] code, IReadOnlyList<bool> executed, EmulatorOptions options)
    {
        var planner = new Planner(machine, program, code, options);
        bool fuse = options.Fuse && options.Mutation == EmulatorMutation.None;
        int layer = 0;
        for (int i = 0; i < code.Length; i++)
        {
            if (executed[i] && fuse) planner.Add(i);
            else if (executed[i]) planner.Emit(i);
            for (; layer < program.Layers.Count && EndOf(program.Layers[layer]) <= i + 1; layer++)
            {
                planner.Flush();
                planner._steps.Add(PlanStep.EndOf(layer));
            }
        }

        planner.Flush();
        return planner._steps;
    }

    private static int EndOf(ProgramLayer layer) => layer.FirstInstruction + layer.InstructionCount;

    private void Add(int index)
    {
        Instruction i = _code[index];
        switch (i.Opcode)
        {
            case Opcode.LoadWeights:
                if (!BindStatic(index, i)) EmitSlot(index, (int)i[Isa.LoadWeights.Slot]);
                break;
            case Opcode.LoadDynamic:
                if (!BindDynamic(index, i)) EmitSlot(index, (int)i[Isa.LoadDynamic.Slot]);
                break;
            case Opcode.LoadParameters:
                _constants.LoadParameters(i);
                Emit(index);
                break;
            case Opcode.LoadTable:
                _constants.LoadTable(i);
                Emit(index);
                break;
            case Opcode.Compute:
                if (!TryCompute(i)) ComputeAlone(index, i);
                break;
            case Opcode.Requantize:
                if (!TryRequantize(i)) Alone(index, i, flush: true);
                break;
            default:
                // Row scales are read when a strip runs, not when it is held back.
                Alone(index, i, flush: i.Opcode == Opcode.Softmax && _pending.UsesRowScales);
                break;
        }
    }

    private void Emit(int index) => _steps.Add(PlanStep.Of(index));

    private void Flush()
    {
        foreach (Product product in _pending.Take()) _steps.Add(PlanStep.Of(product));
    }

    /// <summary>An instruction by itself, after what it depends on.</summary>
    private void Alone(int index, Instruction i, bool flush)
    {
        if (flush) Flush();
        foreach (Access access in Accesses.Of(i, _machine))
        {
            if (access.Resource != Resource.Scratchpad) continue;
            var region = new Region(access.First, access.RowLength, access.Rows, access.Stride);
            if (_pending.Writes(region) || (access.Writes && _pending.Reads(region))) Flush();
            if (access.Writes) FillBefore(region);
        }

        Emit(index);
    }

    private void ComputeAlone(int index, Instruction i)
    {
        Flush();
        int slot = (int)i[Isa.Compute.Slot];
        if (i[Isa.Compute.Tiles] > 0) Fill(slot);
        Emit(index);
    }

    private void EmitSlot(int index, int slot)
    {
        Fill(slot);
        Emit(index);
        (_slots[slot], _slotFilled[slot]) = (null, true);
    }

    /// <summary>Runs the load of a slot that was only noted so far.</summary>
    private void Fill(int slot)
    {
        if (_slots[slot] is { } binding && !_slotFilled[slot]) Emit(binding.Instruction);
        _slotFilled[slot] = true;
    }

    /// <summary>Fills the slots whose source is about to change.</summary>
    private void FillBefore(Region written)
    {
        for (int s = 0; s < _slots.Length; s++)
        {
            if (_slots[s] is not DynamicWeights dynamic || !dynamic.Region.MayOverlap(written)) continue;
            Fill(s);
            _slots[s] = null;
        }
    }

    private bool BindStatic(int index, Instruction i)
    {
        int tiles = (int)i[Isa.LoadWeights.Tiles];
        long address = i[Isa.LoadWeights.Main];
        ReadOnlySpan<byte> records = _constants.Constant(address, tiles * _machine.TileRecordBytes);
        if (records.IsEmpty) return false;
        var weights = new StaticWeights(
            index, address, new ushort[tiles], new sbyte[tiles * _machine.Rows * _machine.Columns]);
        LoadSteps.Unpack(_machine, records, tiles, weights.Indices, weights.Weights);
        for (int t = 1; t < tiles; t++)
        {
            if (weights.Indices[t] <= weights.Indices[t - 1]) return false;
        }

        Bind((int)i[Isa.LoadWeights.Slot], weights);
        return true;
    }

    private bool BindDynamic(int index, Instruction i)
    {
        Access access = Accesses.Of(i, _machine)[0];
        var region = new Region(access.First, access.RowLength, access.Rows, access.Stride);
        if (region.End > _machine.Scratchpad.Bytes) return false;
        if (_pending.Writes(region)) Flush();
        Bind((int)i[Isa.LoadDynamic.Slot], new DynamicWeights(
            index, (int)i[Isa.LoadDynamic.Scratch], (int)i[Isa.LoadDynamic.Stride] * _machine.WordBytes,
            (int)i[Isa.LoadDynamic.KLength], (int)i[Isa.LoadDynamic.Columns], i.Flag(Isa.LoadDynamic.ByColumns),
            _machine.Rows, region));
        return true;
    }

    // Tiles behind the new ones stay as the load before left them.
    private void Bind(int slot, WeightBinding binding)
    {
        if (_slots[slot] is { } before && before.Tiles > binding.Tiles) Fill(slot);
        (_slots[slot], _slotFilled[slot]) = (binding, false);
    }

    private bool TryCompute(Instruction i)
    {
        int tiles = (int)i[Isa.Compute.Tiles];
        WeightBinding? weights = tiles == 0 ? null : _slots[i[Isa.Compute.Slot]];
        if (tiles > 0 && (weights is null || weights.Tiles < tiles)) return false;
        int rows = (int)i[Isa.Compute.Rows];
        int stride = (int)i[Isa.Compute.Stride] * _machine.WordBytes;
        var term = new Term((int)i[Isa.Compute.Source], stride, i.Flag(Isa.Compute.Shift7), tiles, weights);
        int half = (int)i[Isa.Compute.Half];
        Region? source = weights is null
            ? null
            : new Region(term.Source, (weights.Index(tiles - 1) + 1L) * _machine.Rows, rows, stride);
        if (source is { } region)
        {
            if (region.End > _machine.Scratchpad.Bytes) return false;
            if (_pending.Writes(region)) Flush();
        }

        return _pending.AddTerm(half, rows, term, i.Flag(Isa.Compute.Accumulate), source, (weights as DynamicWeights)?.Region);
    }

    private bool TryRequantize(Instruction i)
    {
        int rows = (int)i[Isa.Requantize.Rows];
        int columns = (int)i[Isa.Requantize.Columns];
        int index = (int)i[Isa.Requantize.Index];
        bool perRow = i.Flag(Isa.Requantize.PerRow);
        byte[]? table = i.Flag(Isa.Requantize.UseTable) ? _constants.Table(i[Isa.Requantize.TableSlot]) : null;
        if (i.Flag(Isa.Requantize.UseTable) && table is null) return false;
        if (!perRow && !_constants.ParametersKnown(index, columns)) return false;
        var bias = new int[columns];
        var multiplier = new int[columns];
        for (int c = 0; !perRow && c < columns; c++)
            (bias[c], multiplier[c]) = (_constants.Parameter(index + c).Bias, _constants.Parameter(index + c).Multiplier);
        var sink = new Sink(
            (int)i[Isa.Requantize.Output], (int)i[Isa.Requantize.Stride] * _machine.WordBytes, columns,
            (int)i[Isa.Requantize.Shift], i.Flag(Isa.Requantize.Wide), i.Flag(Isa.Requantize.Accumulate), table, perRow,
            perRow ? index : 0, bias, multiplier);
        var region = new Region(sink.Output, columns * sink.ElementBytes, rows, sink.Stride);
        bool free = region.End <= _machine.Scratchpad.Bytes
            && !_pending.Writes(region) && !_pending.Reads(region)
            && !Array.Exists(_slots, s => s is DynamicWeights d && d.Region.MayOverlap(region));
        return free && _pending.AddSink((int)i[Isa.Requantize.Half], rows, sink, region);
    }
}
