using static Hil.Contract.Microcode.Do;
using static Hil.Contract.Microcode.LayerNormCode;

namespace Hil.Contract.Microcode;

/// <summary>What LAYER_NORM works out once.</summary>
internal static class LayerNormSetup
{
    /// <summary>Gives its cycles.</summary>
    public static int Emit(Assembler code)
    {
        int start = code.Count;
        code.Word("LAYER_NORM: bytes of a row of int16, and of int8, in whole words", ReadChunk(7));
        code.Word("", Other(Misc.Flags), ReadField(Columns));
        code.Word("", Sum(A.Zero, B.M, Carry.One), ToR, ToS);
        code.Word("", Sum(A.R, B.S), ReadConstant(SerialVector.InWords));
        code.WholeWords();
        code.Word("", WriteField(Pitch16), ReadConstant(2));
        code.Word("", Sum(A.R, B.M), ReadConstant(SerialVector.InWords));
        code.WholeWords();
        code.Word("iterations of the passes", WriteField(Pitch8), ReadConstant(1));
        code.Word("", Sum(A.R, B.M), ReadConstant(3));
        code.Word("", WriteField(Iterations), Sum(A.R, B.M), ReadField(LayerNormCode.Index));
        code.Word("entries: two before the first, and the one behind the last", WriteField(SumIterations), Sum(A.Zero, B.M), ToR, ReadConstant(0xFFF8));
        code.Word("", Sum(A.R, B.M), ReadField(Columns));
        code.Word("", WriteField(Before), Sum(A.R, B.M), ToR);
        code.Word("", Sum(A.R, B.M), ToR);
        code.Word("", Sum(A.R, B.M), ToR);
        code.Word("", Sum(A.R, B.M), ToR);
        code.Word("", WriteField(Header), Sum(A.R, B.Zero));
        code.Word("", Other(Misc.Index));
        code.Word("shifts", ReadEntry(3));
        code.Word("", Sum(A.Zero, B.M), Take(Operand.Bytes), Set(Field.Element, 3));
        code.Word("step of the output, if there is one alone", WriteField(Shifts), Sum(A.Operand, B.Zero), ToR);
        Either(code, Branch.Flag10, ReadField(Output16), ReadField(Output8), WriteField(Step));
        code.Word("its pointer, one before", Less(A.R, B.M));
        code.Word("", WriteField(Output));
        Either(code, Branch.Flag10, ReadField(Pitch16), ReadField(Pitch8), new Part());
        code.Word("", Sum(A.Zero, B.M));
        code.Word("", WriteField(OutputPitch));

        var rms = new Label();
        var known = new Label();
        code.Branch("x counts for the mean, or not", Branch.Flag11, rms);
        code.Word("", Sum(A.Zero, B.Zero, Carry.One));
        code.Word("", WriteField(One));
        code.Branch("", Branch.Jump, known);
        code.Mark(rms);
        code.Word("", Sum(A.Zero, B.Zero));
        code.Word("", WriteField(One));
        code.Word("");
        code.Mark(known);
        code.Word("", ReadConstant(2));
        code.Word("the source, and the bytes, one before", Sum(A.Zero, B.M), ToR, ReadField(Source));
        code.Word("", Less(A.R, B.M), ToR, ReadConstant(1));
        code.Word("", WriteField(Source), Sum(A.Zero, B.M), ToQ, ReadField(Output8));
        code.Word("", Less(A.Q, B.M), ReadField(Output16));
        code.Word("the int16 output from the source, whose pointer is two elements ahead", WriteField(Output8), Less(A.R, B.M), ToR, ReadConstant(0xFFFA));
        code.Word("", Sum(A.R, B.M));
        code.Word("", WriteField(Far));

        // Of either of two there are two words each, twice, and three, once.
        return code.Count - start - 7;
    }

    // m is the first if the flag is set, else the second, in the word that follows.
    private static void Either(Assembler code, Branch flag, Part first, Part second, Part meanwhile)
    {
        var set = new Label();
        var known = new Label();
        code.Word("", meanwhile, first);
        code.Branch("", flag, set);
        code.Word("", second);
        code.Branch("", Branch.Jump, known);
        code.Mark(set);
        code.Word("");
        code.Word("");
        code.Mark(known);
    }
}
