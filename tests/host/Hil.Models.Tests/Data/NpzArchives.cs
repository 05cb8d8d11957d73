using System.IO.Compression;
using System.Text;
using Hil.Contract;
using Hil.Models.Data;

namespace Hil.Models.Tests.Data;

public sealed class NpzArchives
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        float[] values = [1, -2.5f, 3, 4, 5, 6];
        long[] labels = [0, -1];

        var bytes = NpzFile.Write([NpyArray.Of("x", [2, 3], values), NpyArray.Of("labels", [2], labels)]);
        var arrays = NpzFile.Read(new MemoryStream(bytes), "t.npz");

        Assert.Equal([2, 3], arrays["x"].Shape.ToArray());
        Assert.Equal(values, arrays["x"].ToSingles());
        Assert.Equal(labels, arrays["labels"].ToIntegers());
        Assert.Null(arrays["x"].ToIntegers());
        Assert.Equal(bytes, NpzFile.Write([arrays["x"], arrays["labels"]]));
    }

    [Theory]
    [InlineData("<f2", new byte[] { 0x00, 0x3C, 0x00, 0xC0 }, new[] { 1f, -2f })]
    [InlineData("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 }, new[] { 1f, -2f })]
    [InlineData("|i1", new byte[] { 1, 0xFE }, new[] { 1f, -2f })]
    [InlineData("|u1", new byte[] { 1, 254 }, new[] { 1f, 254f })]
    [InlineData("|b1", new byte[] { 1, 0 }, new[] { 1f, 0f })]
    [InlineData("<i2", new byte[] { 1, 0, 0xFE, 0xFF }, new[] { 1f, -2f })]
    [InlineData("<i4", new byte[] { 1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF }, new[] { 1f, -2f })]
    public void Every_element_type_is_read(string type, byte[] data, float[] expected)
    {
        var arrays = NpzFile.Read(Archive(Npy(type, "2,", data)), "t.npz");

        Assert.Equal(expected, arrays["x"].ToSingles());
    }

    [Theory]
    [InlineData("<c8", "2,", 16, "element type")]
    [InlineData(">f4", "2,", 8, "element type")]
    [InlineData("<f4", "2, 2", 8, "do not fill")]
    [InlineData("<f4", "1,", 8, "more data")]
    [InlineData("<f4", "99999999999,", 8, "not sensible")]
    [InlineData("<f4", "65536, 65536, 65536", 8, "not sensible")]
    [InlineData("<f4", "1,1,1,1,1,1,1,1,2", 8, "not sensible")]
    [InlineData("<f4", "-2,", 8, "not understood")]
    public void A_header_that_does_not_fit_is_refused(string type, string shape, int bytes, string message)
    {
        var error = Assert.Throws<HilException>(() => NpzFile.Read(Archive(Npy(type, shape, new byte[bytes])), "t.npz"));

        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fortran_order_is_refused()
    {
        var npy = Npy("<f4", "2,", new byte[8]);
        var text = Encoding.Latin1.GetString(npy).Replace("False", "True ", StringComparison.Ordinal);

        var error = Assert.Throws<HilException>(() => NpzFile.Read(Archive(Encoding.Latin1.GetBytes(text)), "t.npz"));

        Assert.Contains("Fortran", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncations_and_flipped_bits_are_refused_or_read()
    {
        var bytes = NpzFile.Write([NpyArray.Of("x", [4, 3], new float[12]), NpyArray.Of("labels", [4], new long[4])]);
        var (refused, read) = (0, 0);
        void Try(byte[] copy)
        {
            try
            {
                NpzFile.Read(new MemoryStream(copy), "t.npz");
                read++;
            }
            catch (HilException e)
            {
                Assert.Equal(ExitKind.BadInput, e.Kind);
                refused++;
            }
        }

        for (var length = 0; length < bytes.Length; length++)
        {
            Try(bytes[..length]);
        }

        Assert.Equal((bytes.Length, 0), (refused, read));
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var copy = (byte[])bytes.Clone();
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            Try(copy);
        }

        Assert.True(refused > bytes.Length && read > 0, $"{refused} refused, {read} read");
    }

    [Fact]
    public void Arrays_written_by_numpy_are_read()
    {
        // numpy.savez(file, x=numpy.arange(3, dtype='<f4')): header padded to 128 bytes.
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".PadRight(117) + "\n";
        byte[] npy = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.Latin1.GetBytes(header), 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40];

        Assert.Equal([0, 1, 2], NpzFile.Read(Archive(npy), "t.npz")["x"].ToSingles());
    }

    private static byte[] Npy(string type, string shape, byte[] data)
    {
        var header = Encoding.Latin1.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. data];
    }

    private static MemoryStream Archive(byte[] npy)
    {
        var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("x.npy").Open();
            entry.Write(npy);
        }

        memory.Position = 0;
        return memory;
    }
}
