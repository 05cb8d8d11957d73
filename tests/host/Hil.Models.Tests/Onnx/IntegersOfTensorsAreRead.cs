using Google.Protobuf;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Tests.Onnx;

public sealed class IntegersOfTensorsAreRead
{
    private static TensorProto Raw(int type, int count, params byte[] bytes) => new() { DataType = type, Dims = { count }, RawData = ByteString.CopyFrom(bytes) };

    private static TensorProto Listed(int type, int count, params int[] values) => new() { DataType = type, Dims = { count }, Int32Data = { values } };

    [Theory]
    [InlineData(TensorData.Uint8, 255, 128)]
    [InlineData(TensorData.Int8, -1, -128)]
    public void Of_one_byte(int type, params int[] expected) => Assert.Equal(expected, TensorData.Integers(Raw(type, 2, 255, 128))!);

    [Theory]
    [InlineData(TensorData.Uint16, 0x80FF)]
    [InlineData(TensorData.Int16, 0x80FF - 0x10000)]
    public void Of_two_bytes(int type, int expected) => Assert.Equal([expected], TensorData.Integers(Raw(type, 1, 0xFF, 0x80))!);

    [Fact]
    public void Of_four_bytes() => Assert.Equal([-2], TensorData.Integers(Raw(TensorData.Int32, 1, 0xFE, 0xFF, 0xFF, 0xFF))!);

    /// <summary>Two a byte, the lower half first; an odd count leaves half a byte.</summary>
    [Theory]
    [InlineData(TensorData.Uint4, 1, 15, 8)]
    [InlineData(TensorData.Int4, 1, -1, -8)]
    public void Of_four_bits(int type, params int[] expected)
    {
        Assert.Equal(expected, TensorData.Integers(Raw(type, 3, 0xF1, 0x08))!);
        Assert.Equal(expected, TensorData.Integers(Listed(type, 3, 0xF1, 0x08))!);
        Assert.Null(TensorData.Error(Raw(type, 3, 0xF1, 0x08)));
        Assert.Null(TensorData.Error(Listed(type, 3, 0xF1, 0x08)));
        Assert.Equal(2, TensorData.ByteCount(Raw(type, 3, 0xF1, 0x08)));
        Assert.Equal("3 bytes do not hold 3 elements of 4 bits.", TensorData.Error(Raw(type, 3, 1, 2, 3)));
    }

    [Fact]
    public void Listed_one_by_one() => Assert.Equal([7, -7], TensorData.Integers(Listed(TensorData.Int8, 2, 7, -7))!);

    [Fact]
    public void And_other_types_have_none() => Assert.Null(TensorData.Integers(new TensorProto { DataType = TensorData.Float, Dims = { 1 }, FloatData = { 1 } }));

    [Fact]
    public void A_size_that_no_shape_has_is_none()
    {
        Assert.Null(TensorData.ByteCount(new TensorProto { DataType = TensorData.Float, Dims = { -1 } }));
        Assert.Null(TensorData.ByteCount(new TensorProto { DataType = 8, Dims = { 2 } }));
        Assert.Equal(8, TensorData.ByteCount(new TensorProto { DataType = TensorData.Float, Dims = { 2 } }));
    }
}
