using Hil.Devices.Coverage;

namespace Hil.Rtl.Tests.Coverage;

/// <summary>What Verilator writes of its counts, and the ranges of bits in the file of explanations.</summary>
public sealed class SignalsAreNamedWithTheirBits
{
    // As Verilator 5.006 writes it: keys and values behind the characters 1 and 2.
    private static string Written(string page, string name, string instance, int count) =>
        $"C '\u0001f\u0002compute/hil_cell.sv\u0001l\u000212\u0001n\u00027\u0001page\u0002{page}\u0001o\u0002{name}\u0001h\u0002TOP.hil_core.{instance}' {count}";

    [Fact]
    public void As_Verilator_writes_them()
    {
        IReadOnlyList<CoveragePoint> points = CoveragePoint.Parse(
            ["# SystemC::Coverage-3", Written("v_toggle/hil_cell__P10", "gen_row[3].sum[2]", "u_a.u_b", 7), Written("v_branch/hil_cell", "else", "u_a", 0)]);

        Assert.Equal(
            [
                new CoveragePoint(CoverageKind.Toggle, "hil_cell", "u_a.u_b", "hil_cell.sv", 12, "gen_row[3].sum[2]", 7),
                new CoveragePoint(CoverageKind.Line, "hil_cell", "u_a", "hil_cell.sv", 12, "else", 0),
            ],
            points);
        Assert.Equal([new Covered("hil_cell", "hil_cell\tgen_row.sum\t[2]", true)], SignalBits.Of(points));
    }

    [Theory]
    [InlineData("C 'nothing' 1")]
    [InlineData("C '")]
    [InlineData("C '\u0001f\u0002a.sv\u0001l\u0002x\u0001page\u0002v_line/a\u0001o\u0002if\u0001h\u0002b' 1")]
    public void Anything_else_is_refused(string line) => Assert.Throws<InvalidDataException>(() => CoveragePoint.Parse([line]));

    [Fact]
    public void A_bit_that_only_went_up_is_not_covered() =>
        Assert.False(Assert.Single(SignalBits.Of(CoveragePoint.Parse([Written("v_toggle/hil_cell", "a_q", "u_a", 1)]))).IsCovered);

    [Fact]
    public void Ranges_stand_for_their_bits_and_come_of_them()
    {
        string[] bits = ["m\ts\t[7]", "m\ts\t[6]", "m\ts\t[3]", "m\tt\t[1][2]", "m\tt\t[1][1]", "m\tu\t"];
        string[] ranges = ["m\ts\t[7:6] [3]", "m\tt\t[1][2:1]", "m\tu\t"];

        Assert.Equal(ranges, SignalBits.Compress(bits));
        Assert.Equal(bits, SignalBits.Expand(ranges.ToDictionary(r => r, _ => "a reason")).Keys);
    }
}
