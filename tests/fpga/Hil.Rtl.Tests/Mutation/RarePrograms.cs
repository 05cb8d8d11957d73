using System.Buffers.Binary;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests.Mutation;

/// <summary>
/// Programs that reach what random ones do not: high bits of instruction counts and indices, long rows, and values that LAYER_NORM rounds half way.
/// </summary>
internal static class RarePrograms
{
    // 0xFFD: as many bursts of fetch as eleven bits hold, nearly; the other has a thirteenth bit, and traps at its last instruction but END.
    private const int Legal = 0xFFD;
    private const int Trapping = 6001;
    private const int Ties = 100;
    private const uint TieStep = 7919;
    private const int Shifts = 24;
    private const int NormColumns = 64;
    // Of the rows with ties: two elements, with an entry each before the header's.
    private const int Columns = 2;
    private const int EntryBytes = 8;
    // Behind the source, at the start of bank 0.
    private const uint NarrowAt = 512;
    private const uint WideAt = 1024;
    private const int RandomPrograms = 60;

    private static readonly GeneratorOptions LongRows = new(Length: 6, ElementLimit: 2048, MacLimit: 20_000);

    /// <summary>The programs, and whether they are legal.</summary>
    public static IEnumerable<(string Name, GeneratedProgram Program, bool IsLegal)> On(Machine machine)
    {
        yield return ("a long program", Make(machine, Legal, null), true);
        yield return ("a long program that traps", Make(machine, Trapping, Trapping - 2), false);
        yield return ("a long row of masked keys", LongMask(machine), true);
        for (int seed = 1; seed <= RandomPrograms; seed++) yield return ($"long rows {seed}", ProgramGenerator.Make(machine, seed, LongRows), true);
        for (uint n = 0; n < machine.Scratchpad.Banks * machine.Scratchpad.Banks; n++) yield return ($"long rows of LAYER_NORM {n}", LongNorm(machine, n), true);
        for (uint n = 0; n < Ties; n++) yield return ($"ties of LAYER_NORM {n}", NormTies(machine, n), true);
    }

    /// <summary>Both outputs of LAYER_NORM, each in any bank; every second time with gains of 0 and half an odd number as offset, for one of 24 shifts.</summary>
    private static GeneratedProgram NormTies(Machine machine, uint n)
    {
        GeneratedProgram ties = TiedRows.Make(n * TieStep) with { Machine = machine };
        if (n % 2 != 0)
        {
            byte[] image = ties.Program.Image.ToArray();
            byte shift = (byte)(1 + (n / 2 % Shifts));
            for (int c = 0; c < Columns; c++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(c * EntryBytes), (c % 2 == 0 ? 1 : -3) << (shift - 1));
                BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan((c * EntryBytes) + 4), 0);
            }

            image.AsSpan((Columns * EntryBytes) + 6, 2).Fill(shift);
            ties = ties with { Program = ties.Program with { Image = image } };
        }

        return Rewritten.With(ties, [.. ties.Instructions.Select(i => i.Opcode == Opcode.LayerNorm ? InBanks(i, machine, n) : i)]);
    }

    /// <summary>Both outputs of LAYER_NORM for rows that are longer than what is under way at a time, each in any bank; everything as it is poisoned.</summary>
    private static GeneratedProgram LongNorm(Machine machine, uint n)
    {
        GeneratedProgram empty = ProgramGenerator.Make(machine, 1, new GeneratorOptions(Length: 0));
        uint columns = (uint)Math.Min(machine.ParameterEntries - 1, NormColumns);
        return Rewritten.With(empty, [
            InBanks(Instruction.Of(LayerNorm.Definition, (LayerNorm.Rows, 3u), (LayerNorm.Columns, columns), (LayerNorm.Write16, 1u)), machine, n),
            Instruction.Of(End.Definition)]);
    }

    private static Instruction InBanks(Instruction norm, Machine machine, uint n)
    {
        ScratchpadShape scratchpad = machine.Scratchpad;
        uint narrow = (uint)(scratchpad.BankBytes * (n % scratchpad.Banks)) + NarrowAt;
        uint wide = (uint)(scratchpad.BankBytes * (n / scratchpad.Banks % scratchpad.Banks)) + WideAt;
        return norm.With(LayerNorm.Output8, narrow).With(LayerNorm.Write8, 1u).With(LayerNorm.Output16, wide);
    }

    /// <summary>One row of as many keys as a bank holds, with scores, entry and mask as the memories are poisoned.</summary>
    private static GeneratedProgram LongMask(Machine machine)
    {
        GeneratedProgram empty = ProgramGenerator.Make(machine, 1, new GeneratorOptions(Length: 0));
        uint keys = (uint)(machine.Scratchpad.BankBytes / 2);
        return Rewritten.With(empty, [Instruction.Of(
            Softmax.Definition, (Softmax.Output, (uint)machine.Scratchpad.BankBytes), (Softmax.Rows, 1u), (Softmax.Columns, keys),
            (Softmax.Length0, keys), (Softmax.Masked, 1u)), Instruction.Of(End.Definition)]);
    }

    /// <summary>Short instructions that need no memory; one of them illegal.</summary>
    private static GeneratedProgram Make(Machine machine, int count, int? illegal)
    {
        GeneratedProgram empty = ProgramGenerator.Make(machine, 1, new GeneratorOptions(Length: 0));
        var code = new List<Instruction>(count);
        for (int i = 0; i < count - 1; i++) code.Add(Instruction.Of(Compute.Definition, (Compute.Rows, i == illegal ? 0u : 1u), (Compute.Half, (uint)i & 1)));
        code.Add(Instruction.Of(End.Definition));
        return Rewritten.With(empty, code);
    }
}
