using System.Security.Cryptography;
using Hil.Models.Onnx;

namespace Hil.Models.Tests.Onnx;

public sealed class FieldsOfProtocolBuffersAreRead
{
    private const long Plenty = 1000;

    /// <summary>Field 1 as a number, as eight bytes, as a length and its bytes, as four bytes.</summary>
    private static readonly byte[] EveryForm = [8, 0xAC, 2, 9, 1, 2, 3, 4, 5, 6, 7, 8, 10, 2, 97, 98, 13, 1, 2, 3, 4];

    private static (WireReader Wire, IncrementalHash Hash) Over(byte[] bytes, long keep = Plenty)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return (new WireReader(new MemoryStream(bytes), hash, keep), hash);
    }

    private static byte[] Copied(byte[] bytes, long keep = Plenty)
    {
        (WireReader wire, IncrementalHash hash) = Over(bytes, keep);
        using (hash)
        {
            using var target = new MemoryStream();
            while (wire.Position < bytes.Length) wire.Copy(wire.Tag(bytes.Length), target, bytes.Length);
            return target.ToArray();
        }
    }

    [Fact]
    public void Every_form_is_copied_as_it_is_and_hashed()
    {
        (WireReader wire, IncrementalHash hash) = Over(EveryForm);
        using (hash)
        {
            using var target = new MemoryStream();
            while (wire.Position < EveryForm.Length) wire.Copy(wire.Tag(EveryForm.Length), target, EveryForm.Length);
            Assert.Equal(EveryForm, target.ToArray());
            Assert.Equal(SHA256.HashData(EveryForm), hash.GetHashAndReset());
        }
    }

    [Fact]
    public void A_number_has_at_most_64_bits_in_ten_bytes()
    {
        byte[] largest = [8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1];
        (WireReader wire, IncrementalHash hash) = Over(largest);
        using (hash) Assert.Equal(ulong.MaxValue, wire.CopyNumber(wire.Tag(largest.Length), new MemoryStream()));
        Assert.Contains("too long", Refused([8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown form", 11)]
    [InlineData("unknown form", 12)]
    [InlineData("damaged", 7)]
    [InlineData("damaged", 255, 255, 255, 255, 255, 1, 0)]
    [InlineData("ends too early", 8)]
    [InlineData("ends too early", 13, 1, 2)]
    [InlineData("ends within a field", 10, 3, 97)]
    public void What_is_damaged_is_refused(string message, params int[] bytes) =>
        Assert.Contains(message, Refused([.. bytes.Select(b => (byte)b)]), StringComparison.Ordinal);

    [Fact]
    public void A_field_must_lie_before_the_end_of_what_holds_it()
    {
        (WireReader wire, IncrementalHash hash) = Over(EveryForm);
        using (hash) Assert.Throws<InvalidDataException>(() => wire.Tag(0));
        (wire, hash) = Over([200, 1, 0]);
        using (hash) Assert.Throws<InvalidDataException>(() => wire.End(1));
    }

    [Fact]
    public void No_more_is_kept_than_was_allowed()
    {
        Assert.Equal([10, 2, 97, 98], Copied([10, 2, 97, 98], keep: 2));
        Assert.Contains("too much", Assert.Throws<InvalidDataException>(() => Copied([10, 2, 97, 98], keep: 1)).Message, StringComparison.Ordinal);
    }

    private static string Refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Copied(bytes)).Message;
}
