using System.Buffers.Binary;
using System.Security.Cryptography;
using Hil.Contract.Machines;

namespace Hil.Contract.Programs;

/// <summary>
/// The program container <c>.hilp</c>: magic, format version, lengths of header and image (uint32 each), header (JSON), image, SHA-256 of
/// everything before it. The same program gives the same bytes; reading is strict and bounded.
/// </summary>
public static class ProgramFile
{
    public const int FormatVersion = 1;

    /// <summary>In <see cref="ProgramImage.Metadata"/>: the machine file, so that a mismatch can be told key by key.</summary>
    public const string MachineKey = "machine.json";

    private const int PrefixBytes = 20;
    private const int HashBytes = 32;
    private const int MostHeaderBytes = 64 << 20;
    private const int MostImageBytes = 1 << 30;

    // As in PNG: a text-mode transfer changes the line ends and is noticed.
    private static ReadOnlySpan<byte> Magic => "HILP\r\n\x1A\n"u8;

    public static byte[] Write(ProgramImage program)
    {
        ArgumentNullException.ThrowIfNull(program);
        byte[] header = ProgramHeader.Write(program);
        int length = PrefixBytes + header.Length + program.Image.Length;
        byte[] file = new byte[length + HashBytes];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(12), (uint)header.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), (uint)program.Image.Length);
        header.CopyTo(file, PrefixBytes);
        program.Image.Span.CopyTo(file.AsSpan(PrefixBytes + header.Length));
        SHA256.HashData(file.AsSpan(0, length), file.AsSpan(length));
        return file;
    }

    /// <summary>Reads a container; what is wrong with it is a <see cref="HilException"/> of kind BadInput.</summary>
    /// <param name="where">Named in errors.</param>
    public static ProgramImage Read(ReadOnlyMemory<byte> file, string where)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < PrefixBytes + HashBytes || !bytes.StartsWith(Magic))
            throw Refuse(where, "This is not a program file (.hilp).");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != FormatVersion)
            throw Refuse(where, $"The container has format {version}; this version reads {FormatVersion}.");
        long header = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        long image = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
        if (header > MostHeaderBytes || image > MostImageBytes)
            throw Refuse(where, $"It claims a header of {header} and an image of {image} bytes; at most {MostHeaderBytes} and {MostImageBytes} are allowed.");
        if (bytes.Length != PrefixBytes + header + image + HashBytes)
            throw Refuse(where, $"It has {bytes.Length} bytes and should have {PrefixBytes + header + image + HashBytes}: it is cut off or has something appended.");
        Span<byte> hash = stackalloc byte[HashBytes];
        SHA256.HashData(bytes[..^HashBytes], hash);
        if (!hash.SequenceEqual(bytes[^HashBytes..])) throw Refuse(where, "Its checksum is wrong: the file is damaged.");
        return ProgramHeader.Read(
            file.Slice(PrefixBytes, (int)header), file.Slice(PrefixBytes + (int)header, (int)image), where);
    }

    public static ProgramImage Load(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > (long)PrefixBytes + MostHeaderBytes + MostImageBytes + HashBytes) throw Refuse(path, "The file is too long for a program.");
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Read(bytes, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HilException(ExitKind.BadInput, $"The file cannot be read: {e.Message}", path, "Check the path and its permissions.", e);
        }
    }

    /// <summary>Writes beside the target and renames, so that the target is the old file or the whole new one.</summary>
    public static void Save(ProgramImage program, string path)
    {
        try
        {
            AtomicFile.Write(path, Write(program));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HilException(ExitKind.BadInput, $"The file cannot be written: {e.Message}", path, "Check the folder, its permissions and the space left.", e);
        }
    }

    /// <summary>SHA-256 of the container, lower-case hexadecimal: the identity of a program in measurements and predictions.</summary>
    public static string Hash(ProgramImage program) => Convert.ToHexStringLower(Write(program).AsSpan()[^HashBytes..]);

    /// <summary>The program with the identity of this contract and of the machine it was made for.</summary>
    public static ProgramImage Bind(ProgramImage program, Machine machine) => program with
    {
        MachineName = machine.Name,
        MachineHash = MachineFile.Hash(machine),
        ContractHash = Identity.ContractHash,
        Metadata = new SortedDictionary<string, string>(program.Metadata.ToDictionary(), StringComparer.Ordinal)
        {
            [MachineKey] = System.Text.Encoding.UTF8.GetString(MachineFile.Write(machine)),
        },
    };

    internal static HilException Refuse(string where, string what) =>
        new(ExitKind.BadInput, what, where, "Compile the program anew: hil compile MODEL --machine NAME --out FILE.hilp");
}
