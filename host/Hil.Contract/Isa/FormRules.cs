using Hil.Contract.Machines;

namespace Hil.Contract.Isa;

/// <summary>
/// Whether an instruction is well formed on a machine: from its word alone, in constant time. Addresses of scratchpad and main memory are
/// checked for alignment here and for range by the verifier. The order of the reasons is the order of the checks, but for NotOnThisMachine, which is second.
/// </summary>
public static class FormRules
{
    /// <summary>Longest row of LAYER_NORM, from the widths of its sums (numerics, section 6).</summary>
    public const int LayerNormMaxColumns = 1024;

    /// <summary>Every address in main memory is a multiple of this many bytes.</summary>
    public const int MainAlignmentBytes = 16;

    /// <summary>Mask bits in one parameter entry of a masked SOFTMAX.</summary>
    public const int MaskBitsPerEntry = 64;

    /// <summary>Looked at before everything but the opcode, so that a machine without a Store unit keeps nothing of a STORE.</summary>
    private static readonly FormRule CanStore =
        new(TrapReason.NotOnThisMachine, "the machine has a writable region", (_, m) => m.Regions.Any(r => r.Writable));

    private static readonly Dictionary<Opcode, IReadOnlyList<FormRule>> ByOpcode = Build();

    /// <summary>The rules of one instruction beyond those that all share (opcode, reserved bits, tokens), in the order of the checks.</summary>
    public static IReadOnlyList<FormRule> Of(Opcode code) =>
        ByOpcode.TryGetValue(code, out IReadOnlyList<FormRule>? rules) ? rules : [];

    /// <summary>The first rule that the instruction breaks, or None.</summary>
    public static TrapReason Check(Instruction instruction, Machine machine) => CheckWithText(instruction, machine).Reason;

    /// <summary>The first rule that the instruction breaks, with what should hold; None and an empty text for a legal form.</summary>
    public static (TrapReason Reason, string Text) CheckWithText(Instruction instruction, Machine machine)
    {
        InstructionDefinition? definition = InstructionSet.Find(instruction.Opcode);
        if (definition is null)
            return (TrapReason.IllegalOpcode, $"opcode 0x{(int)instruction.Opcode:X2} is not an instruction");
        if (definition.Unit == Unit.Store && !CanStore.Holds(instruction, machine)) return (CanStore.Reason, CanStore.Text);
        if ((instruction.Word & ~definition.UsedBits) != UInt128.Zero)
            return (TrapReason.ReservedBits, "bits without a meaning are zero");
        UnitSet own = definition.Unit == Unit.Control ? (UnitSet)0xF : (UnitSet)(1 << (int)definition.Unit);
        if (((instruction.Wait | instruction.Post) & own) != UnitSet.None)
        {
            return (TrapReason.OwnUnitToken, definition.Unit == Unit.Control
                ? "END neither waits nor posts"
                : $"{definition.Name} neither waits for nor posts to its own unit {definition.Unit}");
        }

        foreach (FormRule rule in ByOpcode[instruction.Opcode])
        {
            if (!rule.Holds(instruction, machine)) return (rule.Reason, rule.Text);
        }

        return (TrapReason.None, "");
    }

    /// <summary>Bytes of a lane group of elements of the given size, at most a word: the alignment of what REQUANTIZE and MAP touch.</summary>
    public static int LaneGroupBytes(Machine machine, int elementBytes) =>
        Math.Min(machine.Lanes * elementBytes, machine.WordBytes);

    /// <summary>Parameter entries that an instruction of the vector unit reads, from its index on; 0 if it reads none.</summary>
    public static int ParameterEntriesRead(Instruction i, Machine m) => i.Opcode switch
    {
        Opcode.Requantize => i.Flag(Requantize.PerRow) ? 0 : (int)i[Requantize.Columns],
        Opcode.LayerNorm => RoundUp((int)i[LayerNorm.Columns], m.Lanes) + 1,
        Opcode.Softmax => i.Flag(Softmax.Masked)
            ? m.Lanes + ((int)(i[Softmax.Columns] + MaskBitsPerEntry - 1) / MaskBitsPerEntry)
            : 1,
        Opcode.Map => 1,
        Opcode.Add => m.Lanes + 1,
        _ => 0,
    };

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private static Dictionary<Opcode, IReadOnlyList<FormRule>> Build()
    {
        var rules = new Dictionary<Opcode, IReadOnlyList<FormRule>>
        {
            [Opcode.End] = [],
            [Opcode.Load] = [AtLeast(Load.Rows, 1), AtLeast(Load.RowWords, 1), Main(Load.Main), Word(Load.Scratch)],
            [Opcode.LoadWeights] =
            [
                Between(LoadWeights.Tiles, 1, "the weight tiles", m => m.WeightTiles),
                Main(LoadWeights.Main),
            ],
            [Opcode.LoadDynamic] =
            [
                Between(LoadDynamic.KLength, 1, "R * the weight tiles", m => m.Rows * m.WeightTiles),
                Between(LoadDynamic.Columns, 1, "C", m => m.Columns),
                new(TrapReason.Misaligned, "scratch is a multiple of C by rows, of R by columns", (i, m) =>
                    i[LoadDynamic.Scratch] % (i.Flag(LoadDynamic.ByColumns) ? m.Rows : m.Columns) == 0),
            ],
            [Opcode.LoadParameters] =
            [
                AtLeast(LoadParameters.Count, 2),
                Main(LoadParameters.Main),
                new(TrapReason.Misaligned, "first and count are even", (i, _) =>
                    ((i[LoadParameters.First] | i[LoadParameters.Count]) & 1) == 0),
                new(TrapReason.IndexOutOfRange, "first + count is at most the parameter entries", (i, m) =>
                    i[LoadParameters.First] + i[LoadParameters.Count] <= m.ParameterEntries),
            ],
            [Opcode.LoadTable] = [Main(LoadTable.Main), TableExists(LoadTable.Slot)],
            [Opcode.Compute] =
            [
                Between(Compute.Rows, 1, "the accumulator rows", m => m.AccumulatorRows),
                Between(Compute.Tiles, 0, "the weight tiles", m => m.WeightTiles),
                Word(Compute.Source),
                new(TrapReason.IllegalFlags, "shift7 needs accumulate", (i, _) =>
                    !i.Flag(Compute.Shift7) || i.Flag(Compute.Accumulate)),
            ],
            [Opcode.Requantize] =
            [
                Between(Requantize.Rows, 1, "the accumulator rows", m => m.AccumulatorRows),
                Between(Requantize.Columns, 1, "C", m => m.Columns),
                LaneGroup(Requantize.Output, Requantize.Wide),
                new(TrapReason.Misaligned, "index is a multiple of L, unless perRow", (i, m) =>
                    i.Flag(Requantize.PerRow) || i[Requantize.Index] % m.Lanes == 0),
                new(TrapReason.IndexOutOfRange, "index + columns is at most the parameter entries; with perRow, index + rows at most the row scales", (i, m) =>
                    i.Flag(Requantize.PerRow)
                        ? i[Requantize.Index] + i[Requantize.Rows] <= m.RowScaleEntries
                        : i[Requantize.Index] + i[Requantize.Columns] <= m.ParameterEntries),
                TableExists(Requantize.TableSlot),
                new(TrapReason.IllegalFlags, "accumulate needs wide", (i, _) =>
                    !i.Flag(Requantize.Accumulate) || i.Flag(Requantize.Wide)),
                new(TrapReason.IllegalFlags, "table excludes wide", (i, _) =>
                    !i.Flag(Requantize.UseTable) || !i.Flag(Requantize.Wide)),
                new(TrapReason.IllegalFlags, "tableSlot is 0 without table", (i, _) =>
                    i.Flag(Requantize.UseTable) || i[Requantize.TableSlot] == 0),
            ],
            [Opcode.LayerNorm] =
            [
                AtLeast(LayerNorm.Rows, 1),
                Between(LayerNorm.Columns, 1, "1024", _ => LayerNormMaxColumns),
                Word(LayerNorm.Source), Word(LayerNorm.Output8), Word(LayerNorm.Output16),
                Lanes(LayerNorm.Index),
                Parameters("index + ceil(columns/L)*L + 1", LayerNorm.Index),
                new(TrapReason.IllegalFlags, "at least one of write8 and write16", (i, _) =>
                    i.Flag(LayerNorm.Write8) || i.Flag(LayerNorm.Write16)),
                new(TrapReason.IllegalFlags, "output8 is 0 without write8, output16 without write16", (i, _) =>
                    (i.Flag(LayerNorm.Write8) || i[LayerNorm.Output8] == 0)
                    && (i.Flag(LayerNorm.Write16) || i[LayerNorm.Output16] == 0)),
            ],
            [Opcode.Softmax] =
            [
                AtLeast(Softmax.Rows, 1), AtLeast(Softmax.Columns, 1),
                Word(Softmax.Source), Word(Softmax.Output), Lanes(Softmax.Index),
                Parameters("index + 1 (masked: index + L + ceil(columns/64))", Softmax.Index),
                new(TrapReason.IndexOutOfRange, "rowScale + rows is at most the row scales", (i, m) =>
                    i[Softmax.RowScale] + i[Softmax.Rows] <= m.RowScaleEntries),
            ],
            [Opcode.Map] =
            [
                AtLeast(Map.Rows, 1), AtLeast(Map.Columns, 1),
                LaneGroup(Map.Source, Map.WideSource), LaneGroup(Map.Output, Map.WideOutput), Lanes(Map.Index),
                Parameters("index + 1", Map.Index),
                TableExists(Map.TableSlot),
                new(TrapReason.IllegalFlags, "table excludes wideOutput", (i, _) =>
                    !i.Flag(Map.UseTable) || !i.Flag(Map.WideOutput)),
                new(TrapReason.IllegalFlags, "tableSlot is 0 without table", (i, _) =>
                    i.Flag(Map.UseTable) || i[Map.TableSlot] == 0),
            ],
            [Opcode.Add] =
            [
                AtLeast(Add.Rows, 1), AtLeast(Add.Columns, 1),
                Word(Add.A), Word(Add.B), Word(Add.Output), Lanes(Add.Index),
                Parameters("index + L + 1", Add.Index),
            ],
            [Opcode.Store] =
            [
                CanStore, AtLeast(Store.Rows, 1), AtLeast(Store.RowWords, 1), Main(Store.Main), Word(Store.Scratch),
            ],
        };
        foreach ((Opcode code, IReadOnlyList<FormRule> list) in rules)
        {
            TrapReason[] reasons = [.. list.Where(r => r != CanStore).Select(r => r.Reason)];
            if (!reasons.SequenceEqual(reasons.Order()))
                throw new EncodingException($"{code}: the form rules are not in the order of their reasons.");
        }

        return rules;
    }

    private static FormRule AtLeast(Field field, uint least) =>
        new(TrapReason.CountOutOfRange, $"{field.Name} is at least {least}", (i, _) => i[field] >= least);

    private static FormRule Between(Field field, uint least, string most, Func<Machine, int> limit) =>
        new(TrapReason.CountOutOfRange, $"{field.Name} is {least} to {most}", (i, m) => i[field] >= least && i[field] <= limit(m));

    private static FormRule Main(Field field) =>
        new(TrapReason.Misaligned, $"{field.Name} is a multiple of {MainAlignmentBytes}", (i, _) => i[field] % MainAlignmentBytes == 0);

    private static FormRule Word(Field field) =>
        new(TrapReason.Misaligned, $"{field.Name} is a multiple of W", (i, m) => i[field] % m.WordBytes == 0);

    private static FormRule LaneGroup(Field field, Field wide) =>
        new(TrapReason.Misaligned, $"{field.Name} is a multiple of min(L*bytes, W), bytes = 2 if {wide.Name}, else 1", (i, m) =>
            i[field] % LaneGroupBytes(m, i.Flag(wide) ? 2 : 1) == 0);

    private static FormRule Lanes(Field field) =>
        new(TrapReason.Misaligned, $"{field.Name} is a multiple of L", (i, m) => i[field] % m.Lanes == 0);

    private static FormRule Parameters(string last, Field field) =>
        new(TrapReason.IndexOutOfRange, $"{last} is at most the parameter entries", (i, m) =>
            i[field] + ParameterEntriesRead(i, m) <= m.ParameterEntries);

    private static FormRule TableExists(Field field) =>
        new(TrapReason.IndexOutOfRange, $"{field.Name} is below the table slots", (i, m) => i[field] < m.TableSlots);
}
