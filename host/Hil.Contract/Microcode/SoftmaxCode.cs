using static Hil.Contract.Microcode.Do;

namespace Hil.Contract.Microcode;

/// <summary>SOFTMAX: the largest score of a row, then its exponentials, then the row scale (numerics, section 7).</summary>
internal static class SoftmaxCode
{
    private const int Source = 0;
    private const int Output = 1;
    private const int Rows = 2;
    private const int Columns = 3;
    private const int Length = 4;
    private const int Index = 5;
    private const int RowScale = 6;
    private const int LargestIterations = 8;
    private const int Iterations = 9;
    private const int SourcePitch = 10;
    private const int OutputPitch = 11;
    private const int Mask = 12;
    private const int Causal = 13;

    public static void Emit(Assembler code)
    {
        var line = new Label();
        var causal = new Label();
        var known = new Label();
        int start = code.Count;
        code.Word("SOFTMAX: bytes of a row of int16, and of int8, in whole words", ReadChunk(7));
        code.Word("", Other(Misc.Flags), ReadField(Columns));
        code.Word("", Sum(A.Zero, B.M, Carry.One), ToR, ToS);
        code.Word("", WriteField(LargestIterations), Sum(A.R, B.S), ReadConstant(SerialVector.InWords));
        code.WholeWords();
        code.Word("", WriteField(SourcePitch), ReadConstant(2));
        code.Word("", Sum(A.R, B.M));
        code.Word("", WriteField(Iterations), Sum(A.R, B.M), ReadConstant(SerialVector.InWords));
        code.WholeWords();
        code.Word("pointers, one behind", WriteField(OutputPitch), ReadConstant(2));
        code.Word("", Sum(A.Zero, B.M), ToR, ReadField(Source));
        code.Word("", Less(A.R, B.M), ReadConstant(1));
        code.Word("", WriteField(Source), Sum(A.Zero, B.M), ToR, ReadField(Output));
        code.Word("the mask behind its entry", Less(A.R, B.M), ReadConstant(4));
        code.Word("", WriteField(Output), Sum(A.Zero, B.M), ToR, ReadField(Index));
        code.Word("", Sum(A.R, B.M));
        code.Word("", WriteField(Mask));
        code.Branch("how many more keys are valid in the next row", Branch.Flag10, causal);
        code.Word("", Sum(A.Zero, B.Zero));
        code.Word("", WriteField(Causal));
        code.Branch("", Branch.Jump, known);
        code.Mark(causal);
        code.Word("", Sum(A.Zero, B.Zero, Carry.One));
        code.Word("", WriteField(Causal));
        code.Word("");
        code.Mark(known);

        // Of either of two there are three words each.
        int used = code.Count - start - 3;

        code.Mark(line);
        code.Word("a row: the largest valid score", ReadField(Source));
        code.Word("", Sum(A.Zero, B.M), ToR, ReadField(Mask));
        code.Word("", Sum(A.Zero, B.M), ReadField(Length));
        code.Word("", Other(Misc.IndexMask), Sum(A.Zero, B.M), ReadField(LargestIterations));
        code.Word("", Other(Misc.Length));
        code.Word("", Other(Misc.Count), ReadConstant(2));
        code.Loop("", 2,
            (0, Sum(A.R, B.M) + ToR + ReadIndexed()),
            (1, Set(Field.Pad, 1) + Set(Field.Element, 1) + Set(Field.Key, 1) + ReadConstant(2)),
            (2, Take(Operand.X)),
            (3, Less(A.Operand, B.S) + Set(Field.S, 2) + Gated(1)));
        code.Word("the exponentials of the distances from it, and their sum", ReadField(Source));
        code.Word("", Sum(A.Zero, B.M), ToR, ReadField(Mask));
        code.Word("", Sum(A.Zero, B.M), ReadField(Length));
        code.Word("", Other(Misc.IndexMask), Sum(A.Zero, B.M), ReadField(Output));
        code.Word("", Other(Misc.Length), Sum(A.Zero, B.M), ToQ, ReadField(Iterations));
        code.Word("", Other(Misc.DivideClear));
        code.Word("", Other(Misc.Count), ReadConstant(2));
        code.Loop("", 4,
            (0, Sum(A.R, B.M) + ToR),
            (1, Set(Field.Pad, 1) + Set(Field.Element, 1) + ReadIndexed()),
            (2, Take(Operand.X) + Set(Field.Key, 1)),
            (3, Less(A.Operand, B.S) + ReadConstant(2)),
            (4, Set(Field.Shift, 4) + ReadExponential()),
            (5, Sum(A.Zero, B.M) + Set(Field.Latch, 1)),
            (6, Set(Field.First, 1)),
            (7, Set(Field.Digit, 3)),
            (8, Set(Field.Digit, 3)),
            (9, Set(Field.Digit, 3)),
            (13, Set(Field.Result, 2)),
            (14, Sum(A.Q, B.Zero, Carry.One) + Set(Field.Q, 2) + Gated(3)),
            (15, Set(Field.Pad, 2) + Set(Field.Bank, 1) + Set(Field.Sums, 5) + Gated(3)));
        int passes = 6 + 2 + 7 + 12;
        int after = code.Count;
        code.Word("C by their sum; meanwhile pointers and length of the next row", ReadField(Index));
        code.Word("", Sum(A.Zero, B.M));
        code.Word("", Other(Misc.Index));
        code.Word("", ReadEntry(2));
        code.Word("", Other(Misc.Divide), ReadField(Source));
        code.Word("", Sum(A.Zero, B.M), ToR, ReadField(SourcePitch));
        code.Word("", Sum(A.R, B.M), ReadField(Output));
        code.Word("", WriteField(Source), Sum(A.Zero, B.M), ToR, ReadField(OutputPitch));
        code.Word("", Sum(A.R, B.M), ReadField(Length));
        code.Word("", WriteField(Output), Sum(A.Zero, B.M), ToR, ReadField(Causal));
        code.Word("", Sum(A.R, B.M), ReadField(RowScale));
        code.Word("", WriteField(Length), Sum(A.Zero, B.M), ToR, ReadConstant(4));
        code.Word("", Other(Misc.Index), Sum(A.R, B.M));
        code.Word("", WriteField(RowScale));
        int spent = code.Count - after;
        code.Wait("", SerialVector.DivideCycles - passes - spent - 4 - 4);
        code.Word("", Take(Operand.Quotient));
        code.Word("", Sum(A.Operand, B.Zero), Take(Operand.Exponent));
        code.Word("", Other(Misc.Scale), Sum(A.Operand, B.Zero));
        code.Word("", Other(Misc.ScaleShift));
        code.CountDown("the next row", Rows, line);
        code.Wait("", SerialVector.StartCycles - SerialVector.CommonCycles - used - 1);
        code.Word("", Other(Misc.End));
    }
}
