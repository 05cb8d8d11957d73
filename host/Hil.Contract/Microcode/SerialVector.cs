using static Hil.Contract.Microcode.Do;

namespace Hil.Contract.Microcode;

/// <summary>The microcode of the serial vector unit (docs/microcode.md): what all instructions begin with, then each one's.</summary>
public static class SerialVector
{
    /// <summary>Cycles of a group through one rounding.</summary>
    public const int RoundCycles = 4;

    /// <summary>Cycles of a group in a first pass.</summary>
    public const int StatisticsCycles = 2;

    /// <summary>Cycles of a line beside its groups'.</summary>
    public const int LineCycles = 27;

    /// <summary>Cycles of an instruction beside its lines'.</summary>
    public const int StartCycles = 80;

    /// <summary>Cycles of a row's root.</summary>
    public const int NormCycles = 173;

    /// <summary>Cycles of a row's division.</summary>
    public const int DivideCycles = 66;

    /// <summary>Parameter entries that there is room for.</summary>
    public const int ParameterEntries = Constants.Entries;

    /// <summary>Row scales that there is room for.</summary>
    public const int RowScales = 96;

    /// <summary>From the start to the first word of the instruction's own: words come through two memories, so that the first one is late by a cycle.</summary>
    internal const int CommonCycles = 1 + 6 + (4 * (Constants.Fields + 2)) + 2;

    /// <summary>All of it.</summary>
    public static Assembler Code()
    {
        var code = new Assembler();
        code.Word("nothing, between instructions");
        code.Word("the fields: where they go, and a multiplier of one", Other(Misc.RowBefore), ReadChunk(1));
        code.Word("", Other(Misc.Bank0), ReadChunk(3));
        code.Word("", Other(Misc.Bank1), ReadChunk(4));
        code.Word("", Other(Misc.Bank2), ReadConstant(1));
        code.Word("", Set(Field.Multiplier, 1), Other(Misc.IndexKind), ReadConstant(Constants.Fields + 2));
        code.Word("", Other(Misc.Count));
        code.Loop("each field: two words of the instruction, shifted, masked, written", 4,
            (0, ReadIndexed() + Set(Field.Index, 3)),
            (1, Other(Misc.Listed)),
            (2, ReadListed(0) + Set(Field.Shift, 1)),
            (3, ReadListed(1) + Sum(A.Zero, B.M)),
            (4, Sum(A.Zero, B.M) + Set(Field.First, 1)),
            (8, Take(Operand.Field)),
            (9, Sum(A.Operand, B.Zero)),
            (10, Other(Misc.List)));
        Label[] kinds = [new(), new(), new(), new(), new()];
        var table = new Label();
        code.Branch("to the instruction's own", Branch.Kind, table);
        code.Align(8);
        code.Mark(table);
        foreach (Label kind in kinds) code.Branch("", Branch.Jump, kind);
        code.Mark(kinds[0]);
        RequantizeCode.Emit(code);
        code.Mark(kinds[3]);
        MapCode.Emit(code);
        code.Mark(kinds[4]);
        AddCode.Emit(code);
        code.Mark(kinds[2]);
        SoftmaxCode.Emit(code);
        code.Mark(kinds[1]);
        LayerNormCode.Emit(code);
        return code;
    }

    /// <summary>Does nothing for so many cycles.</summary>
    internal static void Wait(this Assembler code, string comment, int cycles)
    {
        if (cycles < 0) throw new InvalidOperationException($"{comment}: {-cycles} cycles too many at word {code.Count}.");
        if (cycles <= 4)
        {
            for (int i = 0; i < cycles; i++) code.Word(i == 0 ? comment : "");
            return;
        }

        code.Word(comment, ReadConstant(cycles - 3));
        code.Word("", Other(Misc.Count));
        code.Here();
        code.Loop("", 1);
    }

    /// <summary>A list's word that leaves out bits 1:0.</summary>
    internal const int InWords = 1 << 11;

    /// <summary>d without its bits 1:0, by way of the multipliers, which have to be at one; m is <see cref="InWords"/>: five cycles, after which it is in d.</summary>
    internal static void WholeWords(this Assembler code)
    {
        code.Word("", Other(Misc.Listed), Set(Field.First, 1));
        code.Word("");
        code.Word("");
        code.Word("", Take(Operand.Field));
        code.Word("", Sum(A.Operand, B.Zero));
    }

    /// <summary>Counts a field down and goes on with the target until it is zero: four cycles.</summary>
    internal static void CountDown(this Assembler code, string comment, int field, Label target, params Part[] first)
    {
        code.Word(comment, [.. first, ReadField(field)]);
        code.Word("", Less(A.Zero, B.M, Carry.Zero));
        code.Word("", WriteField(field));
        code.Branch("", Branch.Nonzero, target);
    }
}
