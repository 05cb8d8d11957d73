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

    [Fact]
    public void A_flipped_bit_in_an_array_is_noticed()
    {
        byte[] bytes = Archive([("x.npy", Npy("<f4", "64,", [.. Enumerable.Repeat((byte)0xA5, 256)]))], CompressionLevel.NoCompression).ToArray();
        // Behind the headers, which take less than 150 bytes.
        Assert.Equal(0xA5, bytes[250]);
        bytes[250] ^= 1;

        var error = Assert.Throws<HilException>(() => NpzFile.Read(new MemoryStream(bytes), "t.npz"));

        Assert.Equal(ExitKind.BadInput, error.Kind);
        Assert.Contains("'x': its checksum is wrong", error.Message, StringComparison.Ordinal);
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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_version_of_the_header_is_read(byte version) =>
        Assert.Equal([1, -2], NpzFile.Read(Archive(Npy("|i1", "2,", [1, 0xFE], version)), "t.npz")["x"].ToSingles());

    [Theory]
    [InlineData(0, 1, "no .npy array")]
    [InlineData(3, 1, "no .npy array")]
    [InlineData(6, 0, "unknown version")]
    [InlineData(6, 4, "unknown version")]
    [InlineData(8, 255, "ends within its header")]
    public void A_damaged_start_is_refused(int at, byte value, string message)
    {
        var npy = Npy("|i1", "2,", [1, 2]);
        npy[at] = value;

        Assert.Contains(message, Refusal(Archive(npy)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absurd_length_of_the_header_is_refused()
    {
        var npy = Npy("|i1", "2,", [1, 2], version: 2);
        npy[11] = 0x40;

        Assert.Contains("absurd length", Refusal(Archive(npy)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(20)]
    public void A_header_that_is_cut_off_is_refused(int length) =>
        Assert.Contains("ends within its header", Refusal(Archive(Npy("|i1", "2,", [1, 2], version: 2)[..length])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("'descr'")]
    [InlineData("'fortran_order'")]
    [InlineData("'shape'")]
    public void A_header_without_one_of_its_keys_is_refused(string key)
    {
        var text = Encoding.Latin1.GetString(Npy("|i1", "2,", [1, 2])).Replace(key, key.Replace('e', 'E'), StringComparison.Ordinal);
        text = text.Replace(key, key.ToUpperInvariant(), StringComparison.Ordinal);

        Assert.Contains("not understood", Refusal(Archive(Encoding.Latin1.GetBytes(text))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<f2", new byte[] { 0, 0x3C })]
    [InlineData("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F })]
    [InlineData("|i1", new byte[] { 1 })]
    [InlineData("|u1", new byte[] { 1 })]
    [InlineData("<i2", new byte[] { 1, 0 })]
    [InlineData("<i4", new byte[] { 1, 0, 0, 0 })]
    public void Every_element_type_and_a_single_number_survive_being_written_again(string type, byte[] data)
    {
        var array = NpzFile.Read(Archive(Npy(type, "", data)), "t.npz")["x"];
        var again = NpzFile.Read(new MemoryStream(NpzFile.Write([array])), "t.npz")["x"];

        Assert.Empty(again.Shape);
        Assert.Equal((array.Type, 1f), (again.Type, again.ToSingles()[0]));
    }

    [Fact]
    public void An_archive_of_nothing_of_strangers_of_twins_or_of_too_many_is_refused()
    {
        var one = Npy("|i1", "1,", [1]);

        Assert.Contains("no array", Refusal(Archive(Array.Empty<(string, byte[])>())).Message, StringComparison.Ordinal);
        Assert.Contains("no array", Refusal(Archive([("readme.txt", one)])).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Refusal(Archive([("x.npy", one), ("x.npy", one)])).Message, StringComparison.Ordinal);
        Assert.Contains("too many", Refusal(Archive([.. Enumerable.Range(0, 257).Select(i => ($"{i}.npy", one))])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_or_too_long_is_refused()
    {
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => NpzFile.Load("/nowhere/x.npz")).Kind);
        Assert.Contains("more than", Assert.Throws<HilException>(() => NpzFile.Read(new Endless(), "t.npz")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_do_not_fill_a_shape_are_the_callers_fault() =>
        Assert.Throws<ArgumentException>(() => NpyArray.Of("x", [2, 2], [1L, 2, 3]));

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

    private static HilException Refusal(Stream archive)
    {
        var error = Assert.Throws<HilException>(() => NpzFile.Read(archive, "t.npz"));
        Assert.Equal(ExitKind.BadInput, error.Kind);
        return error;
    }

    private static byte[] Npy(string type, string shape, byte[] data, byte version = 1)
    {
        var header = Encoding.Latin1.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}\n");
        byte[] length = version == 1 ? [(byte)header.Length, 0] : [(byte)header.Length, 0, 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. header, .. data];
    }

    private static MemoryStream Archive(byte[] npy) => Archive([("x.npy", npy)]);

    private static MemoryStream Archive((string Name, byte[] Bytes)[] entries, CompressionLevel level = CompressionLevel.Optimal)
    {
        var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        memory.Position = 0;
        return memory;
    }

    /// <summary>Claims more bytes than are read.</summary>
    private sealed class Endless : MemoryStream
    {
        public override long Length => NpzFile.MaximumBytes + 1;
    }
}
