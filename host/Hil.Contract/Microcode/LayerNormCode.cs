using static Hil.Contract.Microcode.Do;

namespace Hil.Contract.Microcode;

/// <summary>LAYER_NORM: sums over a row, the root of the variance, the row once more (numerics, section 6).</summary>
internal static class LayerNormCode
{
    // Fields: as the list finds them, then what is worked out once, and for a row.
    internal const int Source = 0;
    internal const int Output8 = 1;
    internal const int Output16 = 2;
    internal const int Rows = 3;
    internal const int Columns = 4;
    internal const int Index = 5;
    internal const int SumIterations = 8;
    internal const int Iterations = 9;
    internal const int Pitch16 = 10;
    internal const int Pitch8 = 11;
    internal const int Header = 12;
    internal const int Before = 13;
    internal const int One = 14;
    internal const int Shifts = 15;
    internal const int Output = 16;
    internal const int OutputPitch = 17;
    internal const int Step = 18;
    internal const int Far = 19;
    internal const int Less0 = 22;
    internal const int Less1 = 23;
    internal const int Sum0 = 24;
    internal const int Sum1 = 25;
    internal const int Variance = 26;
    internal const int High = 33;
    internal const int Low = 34;
    internal const int Place = 32;
    internal const int Mantissa = 30;
    internal const int Seed = 31;
    internal const int Root = 35;
    internal const int RootShift = 36;

    // Cycles behind the second pass of a row, and of the iterations beside the elements' in the passes before it.
    private const int Tail = 12;
    private const int Drained = 2 * 4;

    public static void Emit(Assembler code)
    {
        var line = new Label();
        var wide = new Label();
        var one = new Label();
        var two = new Label();
        var next = new Label();
        int used = LayerNormSetup.Emit(code);
        code.Mark(line);
        int start = code.Count;
        LayerNormRoot.Sums(code);
        LayerNormRoot.Root(code);
        code.Word("the row once more", ReadField(Before));
        code.Word("", Sum(A.Zero, B.M), ReadField(Source));
        code.Word("", Other(Misc.Index), Sum(A.Zero, B.M), ToR, ReadField(Output));
        code.Word("", Sum(A.Zero, B.M), ToQ, ReadConstant(2));
        code.Word("", Sum(A.Zero, B.M), ToS, ReadField(Iterations));
        code.Word("", Other(Misc.Count));
        code.Branch("", Branch.Flag10, wide);
        code.Branch("", Branch.Jump, one);
        code.Mark(wide);
        code.Branch("", Branch.Flag9, two);
        code.Mark(one);

        // Two of the words are passes over the row, one is taken instead of another.
        int straight = code.Count - start - 3 + Drained;
        code.Loop("x less the mean, times the root, rounded; times gamma and beta, rounded, written", 12, OneOutput());
        code.Wait("", SerialVector.NormCycles - straight - (2 * 12) - 1 - Tail);
        code.Branch("", Branch.Jump, next);

        code.Mark(two);
        code.Word("the same with both outputs", ReadField(Output8));
        code.Word("", Sum(A.Zero, B.M), ToQ);
        code.Here();
        code.Loop("", 16, BothOutputs());
        code.Wait("", SerialVector.NormCycles - straight - 3 - (2 * 16) - Tail);
        code.Mark(next);
        code.Word("pointers of the next row", ReadField(Source));
        code.Word("", Sum(A.Zero, B.M), ToR, ReadField(Pitch16));
        code.Word("", Sum(A.R, B.M), ReadField(Output));
        code.Word("", WriteField(Source), Sum(A.Zero, B.M), ToR, ReadField(OutputPitch));
        code.Word("", Sum(A.R, B.M), ReadField(Output8));
        code.Word("", WriteField(Output), Sum(A.Zero, B.M), ToR, ReadField(Pitch8));
        code.Word("", Sum(A.R, B.M));
        code.Word("", WriteField(Output8));
        code.CountDown("the next row", Rows, line);
        code.Wait("", SerialVector.LineCycles + SerialVector.StartCycles - SerialVector.CommonCycles - used - 1);
        code.Word("", Other(Misc.End));
    }

    private static (int Cycle, Part Part)[] OneOutput() =>
    [
        (0, Sum(A.R, B.S) + ToR),
        (1, Set(Field.Pad, 1) + Set(Field.Element, 1)),
        (2, Take(Operand.X) + ReadField(Columns)),
        (3, Set(Field.Factor, 1)),
        (4, Set(Field.Sums, 1) + ReadField(RootShift)),
        (5, Set(Field.Shift, 1) + ReadField(Root)),
        (6, Take(Operand.Sums0) + Set(Field.Multiplier, 1) + ReadField(Less0)),
        (7, Take(Operand.Sums1) + Sum(A.Operand, B.M) + ReadField(Less1)),
        (8, Sum(A.Operand, B.M, Carry.Before) + Set(Field.Latch, 1) + Set(Field.First, 1)),
        (10, Set(Field.Digit, 3)),
        (11, Set(Field.Digit, 3)),
        (15, Set(Field.Result, 1)),
        (21, Take(Operand.Result) + ReadEntry(2)),
        (22, Set(Field.Factor, 1) + ReadField(Shifts)),
        (23, Set(Field.Sums, 1) + Set(Field.Shift, 3) + ReadConstant(1)),
        (24, Take(Operand.Sums0) + Set(Field.Multiplier, 1) + ReadEntry(0)),
        (25, Take(Operand.Sums1) + Sum(A.Operand, B.M) + ReadEntry(1) + Set(Field.Index, 1)),
        (26, Sum(A.Operand, B.M, Carry.Before) + Set(Field.Latch, 1) + Set(Field.First, 1)),
        (28, Set(Field.Digit, 3)),
        (29, Set(Field.Digit, 3)),
        (32, ReadField(Step)),
        (33, Set(Field.Result, 3) + Sum(A.Q, B.M) + Set(Field.Q, 2) + Gated(2)),
        (34, Set(Field.Pad, 2) + Set(Field.Element, 3) + Set(Field.Bank, 3) + Gated(2)),
    ];

    private static (int Cycle, Part Part)[] BothOutputs() =>
    [
        (2, Sum(A.R, B.S) + ToR),
        (3, Set(Field.Pad, 1) + Set(Field.Element, 1)),
        (4, Take(Operand.X) + ReadField(Columns)),
        (5, Set(Field.Factor, 1) + ReadField(RootShift)),
        (6, Set(Field.Sums, 1) + Set(Field.Shift, 1)),
        (7, ReadField(Root)),
        (8, Take(Operand.Sums0) + Set(Field.Multiplier, 1) + ReadField(Less0)),
        (9, Take(Operand.Sums1) + Sum(A.Operand, B.M) + ReadField(Less1)),
        (10, Sum(A.Operand, B.M, Carry.Before) + Set(Field.Latch, 1) + Set(Field.First, 1) + ReadField(Far)),
        (12, Set(Field.Digit, 3)),
        (13, Set(Field.Digit, 3)),
        (17, Set(Field.Result, 1)),
        (22, ReadEntry(2)),
        (23, Take(Operand.Result) + Set(Field.Factor, 1)),
        (25, Set(Field.Sums, 1)),
        (27, ReadField(Shifts)),
        (28, Set(Field.Shift, 1)),
        (29, ReadConstant(1)),
        (30, Take(Operand.Sums0) + Set(Field.Multiplier, 1) + ReadEntry(0)),
        (31, Take(Operand.Sums1) + Sum(A.Operand, B.M) + ReadEntry(1)),
        (32, Sum(A.Operand, B.M, Carry.Before) + Set(Field.Latch, 1) + Set(Field.First, 1)),
        (33, ReadField(Shifts)),
        (34, Take(Operand.Sums0) + Set(Field.Digit, 3) + Set(Field.Shift, 3) + ReadEntry(0)),
        (35, Take(Operand.Sums1) + Sum(A.Operand, B.M) + Set(Field.Digit, 3) + ReadEntry(1)),
        (36, Sum(A.Operand, B.M, Carry.Before) + Set(Field.Latch, 1) + Set(Field.First, 1) + Set(Field.Index, 1)),
        (38, Set(Field.Digit, 3)),
        (39, Set(Field.Digit, 3) + Set(Field.Result, 2) + Sum(A.Q, B.Zero, Carry.One) + Set(Field.Q, 2) + Gated(2)),
        (40, Set(Field.Pad, 2) + Set(Field.Bank, 1) + Gated(2)),
        (43, Set(Field.Result, 1) + Sum(A.R, B.M)),
        (44, Set(Field.Pad, 2) + Set(Field.Element, 1) + Set(Field.Bank, 2) + Gated(2)),
    ];
}
