using Hil.Contract;
using Hil.Contract.Programs;

namespace Hil.Devices.Tests;

public sealed class TensorCodecQuantizes
{
    private static TensorPlace Place(ElementType type, double scale, int zeroPoint = 0) =>
        new("t", Space.Scratchpad, 0, 0, 1, 1, 4, type, scale, zeroPoint, 0);

    [Theory]
    [InlineData(ElementType.Int8, 2.5f, 2)]
    [InlineData(ElementType.Int8, 3.5f, 4)]
    [InlineData(ElementType.Int8, -2.5f, -2)]
    [InlineData(ElementType.Int8, 1e30f, 127)]
    [InlineData(ElementType.Int8, -1e30f, -127)]
    [InlineData(ElementType.Int16, -1e30f, -32767)]
    [InlineData(ElementType.Wide15, 1e30f, 16319)]
    [InlineData(ElementType.Wide15, -16319f, -16319)]
    public void To_the_nearest_even_and_clips(ElementType type, float value, int expected)
    {
        TensorPlace place = Place(type, 1);
        Assert.Equal(expected, TensorCodec.Quantize(place, value));
        Assert.Equal([(float)expected], TensorCodec.Decode(place, TensorCodec.Encode(place, [value])));
    }

    [Theory]
    [InlineData(64, 1, -64)]
    [InlineData(63, 0, 63)]
    [InlineData(-65, -1, 63)]
    [InlineData(-64, 0, -64)]
    public void A_wide_value_into_hi_and_lo_by_numerics_section_10(int x, int hi, int lo)
    {
        byte[] bytes = TensorCodec.Encode(Place(ElementType.Wide15, 1), [x]);
        Assert.Equal((hi, lo), (unchecked((sbyte)bytes[0]), unchecked((sbyte)bytes[1])));
    }

    [Fact]
    public void An_affine_tensor_around_its_zero_point() =>
        Assert.Equal(-128, TensorCodec.Quantize(Place(ElementType.Int8, 0.1, -118), -5));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void And_refuses_what_is_not_finite(float value) =>
        Assert.Equal(
            ExitKind.BadInput,
            Assert.Throws<HilException>(() => TensorCodec.Encode(Place(ElementType.Int8, 1), [value])).Kind);
}
