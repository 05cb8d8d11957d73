namespace Hil.Jobs.Tests.Imported;

/// <summary>The digits of a number in mixed radix, the lowest first.</summary>
internal sealed class Digits(int number)
{
    private int _rest = number;

    public int Next(int radix)
    {
        (_rest, int digit) = Math.DivRem(_rest, radix);
        return digit;
    }

    public bool Flip() => Next(2) == 1;
}
