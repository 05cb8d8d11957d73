using static Hil.Contract.Microcode.Do;

namespace Hil.Contract.Microcode;

/// <summary>REQUANTIZE: a line is a column; its rows follow one another (numerics, section 5).</summary>
internal static class RequantizeCode
{
    private const int Output = 0;
    private const int Stride = 1;
    private const int Rows = 2;
    private const int Columns = 3;
    private const int Shift = 4;
    private const int Index = 5;
    private const int Iterations = 8;
    private const int Back = 9;

    private const int Setup = 13;

    public static void Emit(Assembler code)
    {
        var line = new Label();
        var byRows = new Label();
        var both = new Label();
        var adding = new Label();
        var next = new Label();
        int start = code.Count;
        code.Word("REQUANTIZE: flags, shift, index", ReadChunk(5));
        code.Word("", Other(Misc.Flags), ReadField(Shift));
        code.Word("", Other(Misc.Base), ReadField(Index));
        code.Word("", Sum(A.Zero, B.M), ReadField(Rows));
        code.Word("the index; three iterations more than rows", Other(Misc.Index), Sum(A.Zero, B.M), ToR, ReadConstant(3));
        code.Word("", Sum(A.R, B.M), ReadField(Stride));
        code.Word("", WriteField(Iterations), Sum(A.Zero, B.M), ToS, ToR);
        code.Word("back by a row", Less(A.R, B.Zero));
        code.Word("", WriteField(Back));
        code.Wait("", Setup - (code.Count - start));

        code.Mark(line);
        code.Branch("a column; by rows from the first row scale on", Branch.Flag14, byRows);
        code.Word("");
        code.Word("");
        code.Word("");
        code.Branch("", Branch.Jump, both);
        code.Mark(byRows);
        code.Word("", ReadField(Index));
        code.Word("", Sum(A.Zero, B.M));
        code.Word("", Other(Misc.Index));
        code.Mark(both);
        code.Word("where it begins, and where the next one does", ReadField(Output), Take(Operand.Bytes), Set(Field.Element, 3));
        code.Word("", Sum(A.Zero, B.M), ToR, Other(Misc.RowZero));
        code.Word("", Sum(A.Operand, B.M), ReadEntry(2));
        code.Word("", WriteField(Output), Set(Field.Multiplier, 1), ReadField(Iterations));
        code.Word("", Other(Misc.Count), ReadField(Back));
        code.Word("", Sum(A.R, B.M), ToQ);
        code.Branch("", Branch.Flag9, adding);
        code.Loop("accumulator and bias, times the multiplier, rounded, written; r the address", 4,
            (0, Set(Field.Accumulators, 1)),
            (1, Take(Operand.Low) + ReadEntryOrScale(0)),
            (2, Take(Operand.High) + ReadEntryOrScale(1) + Sum(A.Operand, B.MUnlessByRows) + Set(Field.Shift, 2)),
            (3, Sum(A.Operand, B.MUnlessByRows, Carry.Before) + Set(Field.Latch, 1) + Set(Field.Digit, 1) + Set(Field.First, 1)
                + Set(Field.Multiplier, 2) + Set(Field.Index, 2)),
            (4, Set(Field.Digit, 2)),
            (5, Set(Field.Digit, 3)),
            (6, Set(Field.Digit, 3)),
            (10, Set(Field.Result, 3)),
            (12, Sum(A.R, B.Zero)),
            (13, Set(Field.Pad, 2) + Set(Field.Element, 3) + Gated(3) + Sum(A.R, B.S) + Set(Field.R, 2)));
        int before = 4 + 7 + 12;
        code.Wait("", SerialVector.LineCycles - before - 4);
        code.Mark(next);
        code.CountDown("the next column", Columns, line, Other(Misc.Column), Set(Field.Index, 4));
        code.Wait("", SerialVector.StartCycles - SerialVector.CommonCycles - Setup - 1);
        code.Word("", Other(Misc.End));

        code.Mark(adding);
        code.Loop("the same, and added to what is there, which is rounded once more to be clipped; r reads, q writes", 8,
            (0, Set(Field.Accumulators, 1) + ReadEntryOrScale(2)),
            (1, Take(Operand.Low) + ReadEntryOrScale(0) + Set(Field.Multiplier, 1)),
            (2, Take(Operand.High) + ReadEntryOrScale(1) + Sum(A.Operand, B.MUnlessByRows) + Set(Field.Shift, 2)),
            (3, Sum(A.Operand, B.MUnlessByRows, Carry.Before) + Set(Field.Latch, 1) + Set(Field.Digit, 1) + Set(Field.First, 1) + Set(Field.Index, 2)),
            (4, Set(Field.Digit, 2) + Sum(A.R, B.Zero) + ReadField(Stride)),
            (5, Set(Field.Digit, 3) + Set(Field.Pad, 1) + Set(Field.Element, 1) + Sum(A.R, B.M) + ToR + ReadConstant(0)),
            (6, Set(Field.Digit, 3) + Take(Operand.X) + Set(Field.Shift, 1) + ReadConstant(1)),
            (7, Sum(A.Operand, B.Zero) + ToS + Set(Field.Multiplier, 1) + ReadField(Stride)),
            (10, Set(Field.Result, 1)),
            (11, Take(Operand.Result)),
            (14, Sum(A.Operand, B.S) + Set(Field.Latch, 1)),
            (15, Set(Field.First, 1)),
            (16, Set(Field.Digit, 3)),
            (20, Set(Field.Result, 1)),
            (24, Sum(A.Q, B.M) + Set(Field.Q, 2) + Gated(3)),
            (25, Set(Field.Pad, 2) + Set(Field.Element, 1) + Gated(3)));
        code.Wait("", (2 * SerialVector.LineCycles) - (4 + 7 + 24) - 4 - 1);
        code.Branch("", Branch.Jump, next);
    }
}
