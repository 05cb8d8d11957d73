using static Hil.Contract.Microcode.Do;

namespace Hil.Contract.Microcode;

/// <summary>ADD: a line is a row (numerics, section 8). One pointer does for both sources.</summary>
internal static class AddCode
{
    private const int First = 0;
    private const int Second = 1;
    private const int Output = 2;
    private const int Rows = 3;
    private const int Columns = 4;
    private const int Index = 5;
    private const int Iterations = 8;
    private const int Pitch = 9;
    private const int FirstFactor = 10;
    private const int SecondFactor = 11;

    private const int Setup = 27;

    public static void Emit(Assembler code)
    {
        var line = new Label();
        int start = code.Count;
        code.Word("ADD: bytes of a row of int16, in whole words", ReadField(Columns));
        code.Word("", Sum(A.Zero, B.M, Carry.One), ToR, ToS);
        code.Word("", WriteField(Iterations), Sum(A.R, B.S), ReadConstant(SerialVector.InWords));
        code.WholeWords();
        code.Word("factors and shift", WriteField(Pitch), ReadField(Index));
        code.Word("", Sum(A.Zero, B.M));
        code.Word("", Other(Misc.Index));
        code.Word("", ReadEntry(2));
        code.Word("", Sum(A.Zero, B.M), ReadEntry(3));
        code.Word("", WriteField(FirstFactor), Set(Field.Shift, 1), Set(Field.Index, 1));
        code.Word("", ReadEntry(2));
        code.Word("", Sum(A.Zero, B.M), ReadConstant(2));
        code.Word("two bytes before the sources and the output", WriteField(SecondFactor), Sum(A.Zero, B.M), ToS, ToR, ReadField(Output));
        code.Word("", Less(A.R, B.M), ReadField(First));
        code.Word("the second source from the first", WriteField(Output), Sum(A.Zero, B.M), ToQ, ReadField(Second));
        code.Word("", Less(A.Q, B.M), ReadField(First));
        code.Word("", WriteField(Second), Less(A.R, B.M));
        code.Word("", WriteField(First));
        code.Wait("", Setup - (code.Count - start));

        code.Mark(line);
        code.Word("a row: pointers, and where they are in the next one", ReadField(First));
        code.Word("", Sum(A.Zero, B.M), ToR, ReadField(Pitch));
        code.Word("", Sum(A.R, B.M), ReadField(Output));
        code.Word("", WriteField(First), Sum(A.Zero, B.M), ToQ, ReadField(Pitch));
        code.Word("", Sum(A.Q, B.M), ReadField(Iterations));
        code.Word("", WriteField(Output));
        code.Word("", Other(Misc.Count), ReadField(Second));
        code.Loop("an element: two products, their sum rounded, written", 12,
            (0, Sum(A.R, B.S) + ToR + ReadField(Second)),
            (1, Sum(A.R, B.M) + Set(Field.Pad, 1) + Set(Field.Element, 1)),
            (2, Take(Operand.X) + Set(Field.Pad, 1) + Set(Field.Element, 1) + Set(Field.Bank, 1) + ReadField(FirstFactor)),
            (3, Take(Operand.X) + Set(Field.Factor, 1) + ReadField(SecondFactor)),
            (4, Set(Field.Sums, 1) + Set(Field.Factor, 1)),
            (5, Set(Field.Sums, 2)),
            (6, Take(Operand.Sums0)),
            (7, Take(Operand.Sums1) + Sum(A.Operand, B.Zero)),
            (8, Take(Operand.Sums2) + Sum(A.Operand, B.Zero) + Set(Field.First, 1)),
            (9, Sum(A.Operand, B.Zero) + Set(Field.Latch, 1)),
            (11, Set(Field.Digit, 3)),
            (15, Set(Field.Result, 1)),
            (16, Sum(A.Q, B.S) + Set(Field.Q, 2) + Gated(1)),
            (17, Set(Field.Pad, 2) + Set(Field.Element, 1) + Set(Field.Bank, 2) + Gated(1)));
        code.Wait("", SerialVector.LineCycles - 7 - 12 - 4);
        code.CountDown("the next row", Rows, line);
        code.Wait("", SerialVector.StartCycles - SerialVector.CommonCycles - Setup - 1);
        code.Word("", Other(Misc.End));
    }
}
