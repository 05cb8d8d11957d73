using static Hil.Contract.Microcode.Do;
using static Hil.Contract.Microcode.LayerNormCode;

namespace Hil.Contract.Microcode;

/// <summary>LAYER_NORM's statistics of a row, and one over the root of its variance.</summary>
internal static class LayerNormRoot
{
    public static void Sums(Assembler code)
    {
        Part step = Sum(A.R, B.S) + ToR + Set(Field.Pad, 1) + Set(Field.Element, 1) + Take(Operand.X) + Set(Field.Sums, 3) + Gated(4);
        code.Word("a row: its sum", ReadConstant(2));
        code.Word("", Sum(A.Zero, B.M), ToS, ReadField(Source));
        code.Word("", Sum(A.Zero, B.M), ToR, ReadField(One));
        code.Word("", Set(Field.Factor, 1), Set(Field.Sums, 4), ReadField(SumIterations));
        code.Word("", Other(Misc.Count));
        code.Here();
        code.Loop("", 1, (0, step));
        code.Word("its negative, then what it is without its sign", Take(Operand.Sums0));
        code.Word("", Less(A.Operand, B.Zero), Take(Operand.Sums1));
        code.Word("", WriteField(Less0), Less(A.Operand, B.Zero, Carry.Before));
        code.Word("", WriteField(Less1), Sum(A.Operand, B.Zero), Set(Field.Latch, 1), Take(Operand.Sums0));
        code.Word("", Unsigned(Carry.Sign), Take(Operand.Sums1));
        code.Word("", WriteField(Sum0), Unsigned(Carry.Before));
        code.Word("", WriteField(Sum1), ReadField(Source));
        code.Word("the sum of its squares", Sum(A.Zero, B.M), ToR, Set(Field.Sums, 4), ReadField(SumIterations));
        code.Word("", Other(Misc.Count));
        code.Here();
        code.Loop("", 1, (0, step + Set(Field.Factor, 2)));
    }

    public static void Root(Assembler code)
    {
        code.Word("the variance: N times the squares and E", ReadField(Header));
        code.Word("", Sum(A.Zero, B.M));
        code.Word("", Other(Misc.Index), ReadField(Columns), Take(Operand.Sums0));
        code.Word("", Set(Field.Multiplier, 1), Sum(A.Operand, B.Zero), Take(Operand.Sums1), ReadConstant(0));
        code.Word("", Set(Field.First, 1), Set(Field.Shift, 1), Sum(A.Operand, B.Zero), Take(Operand.Sums2));
        code.Word("", Sum(A.Operand, B.Zero));
        code.Word("", Sum(A.Zero, B.Zero));
        code.Word("", Take(Operand.Scaled), ReadEntry(0));
        code.Word("", Sum(A.Operand, B.M), Take(Operand.Scaled), ReadEntry(1));
        code.Word("", WriteField(Variance), Sum(A.Operand, B.M, Carry.Before), Take(Operand.Scaled));
        code.Word("", WriteField(Variance + 1), Sum(A.Operand, B.Zero, Carry.Before), Take(Operand.Scaled));
        code.Word("", WriteField(Variance + 2), Sum(A.Operand, B.Zero, Carry.Before));
        code.Word("less the square of the sum", WriteField(Variance + 3), ReadField(Sum0));
        Square(code, 0);
        Square(code, 1);
        Highest(code);
        Mantissas(code);
        Newton(code);
    }

    // The sum times one of its digits, subtracted from there on.
    private static void Square(Assembler code, int digit)
    {
        code.Word("", Set(Field.Multiplier, 1), ReadField(Sum0));
        code.Word("", Sum(A.Zero, B.M), ReadField(Sum1));
        code.Word("", Set(Field.First, 1), Sum(A.Zero, B.M));
        code.Word("", Sum(A.Zero, B.Zero));
        code.Word("");
        code.Word("", Take(Operand.Scaled), ReadField(Variance + digit));
        code.Word("", Less(A.Operand, B.M), Take(Operand.Scaled), ReadField(Variance + digit + 1));
        code.Word("", WriteField(Variance + digit), Less(A.Operand, B.M, Carry.Before), Take(Operand.Scaled), ReadField(Variance + digit + 2));
        Part last = digit == 0 ? ReadField(Variance + 3) : new Part();
        code.Word("", WriteField(Variance + digit + 1), Less(A.Operand, B.M, Carry.Before), last);
        if (digit == 0)
        {
            code.Word("", WriteField(Variance + 2), Less(A.Zero, B.M, Carry.Before));
            code.Word("", WriteField(Variance + 3), ReadField(Sum1));
        }
        else
        {
            code.Word("its highest digit and the one below", WriteField(Variance + 3), Sum(A.Zero, B.Zero));
        }
    }

    private static void Highest(Assembler code)
    {
        code.Word("", WriteField(High), Sum(A.Zero, B.Zero), ReadField(Variance));
        code.Word("", WriteField(Low), Sum(A.Zero, B.M));
        for (int digit = 0; digit < 4; digit++)
        {
            Part below = digit == 0 ? new Part() : ReadField(Variance + digit - 1);
            if (digit > 0) code.Word("", Sum(A.Zero, B.M));
            code.Word("", Other(Misc.IfNonzero), Sum(A.Zero, B.M), below);
            code.Word("", WriteFieldIf(High), Sum(A.Zero, digit == 0 ? B.Zero : B.M), ReadConstant((8 * digit) + 5));
            code.Word("", WriteFieldIf(Low), Sum(A.Zero, B.M));
            code.Word("", WriteFieldIf(Place), digit < 3 ? ReadField(Variance + digit + 1) : ReadField(High));
        }
    }

    // By an even number of bits, so that the highest of 16 or the one below is set; the shift of what the root is multiplied with.
    private static void Mantissas(Assembler code)
    {
        code.Word("16 bits of it", Sum(A.Zero, B.M), ReadField(Place));
        code.Word("", Take(Operand.Place));
        code.Word("", Sum(A.Operand, B.Zero, Carry.One), ToR, ToS);
        code.Word("", Sum(A.Operand, B.M), ReadConstant(1));
        code.Word("", WriteField(RootShift), Sum(A.R, B.S), Set(Field.Multiplier, 1));
        code.Word("", Set(Field.Shift, 5), ReadField(Low));
        code.Word("", Sum(A.Zero, B.M), ReadField(High));
        code.Word("", Set(Field.First, 1), Sum(A.Zero, B.M));
        code.Word("");
        code.Word("");
        code.Word("");
        code.Word("", Take(Operand.Scaled));
        code.Word("", Sum(A.Operand, B.Zero));
        code.Word("", WriteField(Mantissa), ReadSeed());
    }

    private static void Newton(Assembler code)
    {
        code.Word("a seed, squared", Set(Field.Multiplier, 1), Sum(A.Zero, B.M), ReadConstant(0));
        code.Word("", WriteField(Seed), Set(Field.First, 1), Set(Field.Shift, 1), Sum(A.Zero, B.Zero));
        code.Word("");
        code.Word("");
        code.Word("");
        code.Word("", Take(Operand.Scaled), ReadField(Mantissa));
        code.Word("times the variance", Sum(A.Operand, B.Zero), Set(Field.Multiplier, 1), ReadConstant(15));
        code.Word("", Set(Field.First, 1), Set(Field.Shift, 1), Sum(A.Zero, B.Zero));
        code.Word("");
        code.Word("", ReadConstant(0));
        code.Word("", Set(Field.Shift, 1));
        code.Word("", Take(Operand.Scaled), ReadConstant(0x8000));
        code.Word("three less that, half of it, times the seed", Less(A.Operand, B.M), ReadField(Seed));
        code.Word("", Set(Field.First, 1), Set(Field.Multiplier, 1), Sum(A.Zero, B.Zero, Carry.Before));
        code.Word("", Sum(A.Zero, B.Zero));
        code.Word("");
        code.Word("", Take(Operand.Scaled), ReadConstant(0x8000));
        code.Word("rounded, at most 65535; zero where the variance is", Sum(A.Operand, B.M), Take(Operand.Scaled));
        code.Word("", Sum(A.Operand, B.Zero, Carry.Before), Take(Operand.Scaled));
        code.Word("", WriteField(LayerNormCode.Root), Sum(A.Operand, B.Zero, Carry.Before));
        code.Word("", Other(Misc.IfNonzero), Less(A.Zero, B.Zero, Carry.Zero));
        code.Word("", WriteFieldIf(LayerNormCode.Root), ReadField(High));
        code.Word("", Sum(A.Zero, B.M));
        code.Word("", Other(Misc.IfZero), Sum(A.Zero, B.Zero));
        code.Word("", WriteFieldIf(LayerNormCode.Root));
    }

    // The operand without its sign, if that was latched.
    private static Part Unsigned(Carry carry) => new((Field.A, (int)A.Operand), (Field.B, (int)B.Zero), (Field.Carry, (int)carry), (Field.Invert, 2));
}
