using static Hil.Contract.Microcode.Do;

namespace Hil.Contract.Microcode;

/// <summary>MAP: a line is a row (numerics, section 8).</summary>
internal static class MapCode
{
    private const int Source = 0;
    private const int Output = 1;
    private const int SourceStride = 2;
    private const int OutputStride = 3;
    private const int Rows = 4;
    private const int Columns = 5;
    private const int Index = 6;
    private const int Iterations = 8;
    private const int Step = 9;

    private const int Setup = 16;

    public static void Emit(Assembler code)
    {
        var line = new Label();
        int start = code.Count;
        code.Word("MAP: flags, index, multiplier, shift", ReadChunk(7));
        code.Word("", Other(Misc.Flags), ReadField(Index));
        code.Word("", Sum(A.Zero, B.M), ReadField(Columns), Take(Operand.Bytes), Set(Field.Element, 2));
        code.Word("iterations", Other(Misc.Index), Sum(A.Zero, B.M), ToR, ReadConstant(4));
        code.Word("", Sum(A.R, B.M), ReadEntry(2));
        code.Word("", WriteField(Iterations), Set(Field.Multiplier, 1), ReadEntry(3), Sum(A.Operand, B.Zero), ToS, Take(Operand.Bytes), Set(Field.Element, 3));
        code.Word("steps of an element; pointers are one behind", Set(Field.Shift, 1), Sum(A.Operand, B.Zero), ToR, ReadField(Output));
        code.Word("", WriteField(Step), Less(A.R, B.M));
        code.Word("", WriteField(Output), Sum(A.Zero, B.S), ToR, ReadField(Source));
        code.Word("", Less(A.R, B.M));
        code.Word("", WriteField(Source));
        code.Wait("", Setup - (code.Count - start));

        code.Mark(line);
        code.Word("a row: pointers, and where they are in the next one", ReadField(Source));
        code.Word("", Sum(A.Zero, B.M), ToR, ReadField(SourceStride));
        code.Word("", Sum(A.R, B.M), ReadField(Output));
        code.Word("", WriteField(Source), Sum(A.Zero, B.M), ToQ, ReadField(OutputStride));
        code.Word("", Sum(A.Q, B.M), ReadField(Iterations));
        code.Word("", WriteField(Output));
        code.Word("", Other(Misc.Count));
        code.Loop("an element: x and bias, times the multiplier, rounded, written", 4,
            (0, Sum(A.R, B.S) + ToR),
            (1, Set(Field.Pad, 1) + Set(Field.Element, 2)),
            (2, Take(Operand.X)),
            (4, ReadEntry(0)),
            (5, Sum(A.Operand, B.M) + Take(Operand.Sign) + ReadEntry(1)),
            (6, Sum(A.Operand, B.M, Carry.Before) + Set(Field.Latch, 1) + Set(Field.Digit, 1) + Set(Field.First, 1) + ReadField(Step)),
            (7, Set(Field.Digit, 2)),
            (8, Set(Field.Digit, 3)),
            (9, Set(Field.Digit, 3)),
            (13, Set(Field.Result, 3)),
            (15, Sum(A.Q, B.M) + Set(Field.Q, 2) + Gated(3)),
            (16, Set(Field.Pad, 2) + Set(Field.Element, 3) + Set(Field.Bank, 1) + Gated(4)));
        code.Wait("", SerialVector.LineCycles - 7 - 16 - 4);
        code.CountDown("the next row", Rows, line);
        code.Wait("", SerialVector.StartCycles - SerialVector.CommonCycles - Setup - 1);
        code.Word("", Other(Misc.End));
    }
}
