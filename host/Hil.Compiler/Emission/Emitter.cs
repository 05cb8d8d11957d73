using Hil.Compiler.Plans;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Verification;

namespace Hil.Compiler.Emission;

/// <summary>
/// Turns scheduled operations into an image: constants in the order in which they are loaded, then the instructions. A constant begins where it
/// needs no more bursts than its length asks for.
/// </summary>
internal sealed class Emitter(Plan plan, PlantedFault fault)
{
    private const int Alignment = 16;
    private readonly Plan _plan = plan;
    private readonly Machine _machine = plan.Machine;
    private readonly PlantedFault _fault = fault;

    public (uint Base, byte[] Image, uint Entry, Instruction[] Instructions) Emit(IReadOnlyList<Operation> order)
    {
        MemoryRegion region = _machine.Regions[0];
        uint imageBase = checked((uint)PlaceGiven(region));
        long end = PlaceConstants(order, imageBase, region);
        int fetch = Instruction.Bytes * _machine.Issue.FetchInstructions;
        uint entry = checked((uint)RoundUp(end, fetch));
        int count = order.Count + 1;
        long total = entry + ((long)count * Instruction.Bytes);
        if (total > region.Base + region.Bytes)
        {
            throw new HilException(
                ExitKind.Unsupported, $"The program takes {total - imageBase} bytes, {total - region.Base - region.Bytes} more than there are.", region.Name,
                "Prune the model, or take a machine with more main memory.");
        }

        var image = new byte[total - imageBase];
        foreach (Operation op in order)
        {
            if (op.Constant is { IsGiven: false } constant) constant.Bytes.CopyTo(image, constant.Address - imageBase);
        }

        var instructions = new Instruction[count];
        for (int i = 0; i < order.Count; i++) instructions[i] = Finish(order[i]);
        instructions[^1] = Instruction.Of(End.Definition);
        instructions = TokenPlacement.Place(instructions, _machine);
        if (_fault == PlantedFault.DroppedToken) DropToken(instructions);
        for (int i = 0; i < count; i++) instructions[i].WriteTo(image.AsSpan((int)(entry - imageBase) + (i * Instruction.Bytes), Instruction.Bytes));
        return (imageBase, image, entry, instructions);
    }

    // What the host gives comes first, each from a burst of its own on.
    private long PlaceGiven(MemoryRegion region)
    {
        long at = region.Base;
        foreach (Constant given in _plan.Given.Values)
        {
            given.Address = at;
            at = RoundUp(at + given.Bytes.Length, Math.Max(Alignment, region.MaxBurstBytes));
        }

        return at;
    }

    private static long PlaceConstants(IReadOnlyList<Operation> order, long at, MemoryRegion region)
    {
        foreach (Operation op in order)
        {
            if (op.Constant is not { } constant || constant.Address >= 0) continue;
            long least = (constant.Bytes.Length + region.MaxBurstBytes - 1L) / region.MaxBurstBytes;
            at = RoundUp(at, Alignment);
            if (((at % region.MaxBurstBytes) + constant.Bytes.Length + region.MaxBurstBytes - 1) / region.MaxBurstBytes > least)
                at = RoundUp(at, region.MaxBurstBytes);
            constant.Address = at;
            at += constant.Bytes.Length;
        }

        return at;
    }

    private Instruction Finish(Operation op)
    {
        Instruction word = op.Word;
        foreach (Operand operand in op.Operands) word = word.With(operand.Field, checked((uint)operand.First));
        if (op.Constant is { } constant) word = word.With(MainField(op.Kind), checked((uint)constant.Address));
        if (op.Slot is { } slot)
        {
            uint number = (uint)slot.Slot;
            if (_fault == PlantedFault.WrongSlot && op.Kind == StepKind.Compute) number ^= 1;
            word = word.With(op.Kind switch
            {
                StepKind.LoadWeights => LoadWeights.Slot,
                StepKind.Compute => Compute.Slot,
                _ => LoadDynamic.Slot,
            }, number);
        }

        if (op.Sum is { } sum && op.Unit == Unit.Compute) word = word.With(Compute.Half, (uint)sum.Half);
        if (op.Sum is not null && op.Unit == Unit.Vector)
            word = word.With(Requantize.Half, (uint)op.Sum.Half ^ (_fault == PlantedFault.WrongHalf ? 1u : 0u));
        return word;
    }

    private static Field MainField(StepKind kind) => kind switch
    {
        StepKind.Load => Load.Main,
        StepKind.LoadWeights => LoadWeights.Main,
        StepKind.LoadParameters => LoadParameters.Main,
        StepKind.LoadTable => LoadTable.Main,
        _ => throw new InvalidOperationException($"{kind} reads no constant."),
    };

    private static void DropToken(Instruction[] instructions)
    {
        IReadOnlyList<int>[] pairs = TokenPairs.Of(instructions);
        int later = Array.FindIndex(pairs, p => p.Count > 0);
        if (later < 0) return;
        int earlier = pairs[later][0];
        Unit from = InstructionSet.Find(instructions[earlier].Opcode)!.Unit;
        Unit to = InstructionSet.Find(instructions[later].Opcode)!.Unit;
        instructions[later] = instructions[later].WithTokens(instructions[later].Wait & ~(UnitSet)(1 << (int)from), instructions[later].Post);
        instructions[earlier] = instructions[earlier].WithTokens(instructions[earlier].Wait, instructions[earlier].Post & ~(UnitSet)(1 << (int)to));
    }

    private static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
