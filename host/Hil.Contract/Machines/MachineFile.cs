using System.Reflection;
using System.Security.Cryptography;
using Hil.Contract.Json;

namespace Hil.Contract.Machines;

/// <summary>Reads machines: the bundled ones by name, any other by path. Strict: see <see cref="StrictObject"/>.</summary>
public static class MachineFile
{
    public const string Schema = "hil.machine/1";

    private const long MostBytes = 1 << 20;

    /// <summary>The machines that come with the product, by name.</summary>
    public static IReadOnlyList<string> BundledNames { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => n.StartsWith("machines/", StringComparison.Ordinal))
            .Select(n => Path.GetFileNameWithoutExtension(n)).Order(StringComparer.Ordinal),
    ];

    /// <summary>A bundled machine by name, or the machine in a file.</summary>
    public static Machine Load(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        if (BundledNames.Contains(nameOrPath)) return Bundled(nameOrPath);
        bool looksLikePath = nameOrPath.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || nameOrPath.AsSpan().IndexOfAny('/', '\\') >= 0;
        if (!File.Exists(nameOrPath))
        {
            throw new HilException(
                ExitKind.Usage, looksLikePath ? "There is no such machine file." : "There is no machine of this name.", nameOrPath,
                $"Name one of {string.Join(", ", BundledNames)}, or give the path of a machine file.");
        }

        try
        {
            if (new FileInfo(nameOrPath).Length > MostBytes)
                throw new HilException(ExitKind.BadInput, $"The file is longer than {MostBytes} bytes.", nameOrPath, "Give a machine file.");
            return Parse(File.ReadAllBytes(nameOrPath), nameOrPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HilException(ExitKind.BadInput, $"The file cannot be read: {e.Message}", nameOrPath, "Check the path and its permissions.", e);
        }
    }

    public static Machine Bundled(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"machines/{name}.json")
            ?? throw new ArgumentException($"There is no bundled machine {name}.", nameof(name));
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Parse(bytes.ToArray(), $"{name}.json");
    }

    /// <summary>Reads and checks a machine.</summary>
    /// <param name="where">Named in errors.</param>
    public static Machine Parse(ReadOnlyMemory<byte> utf8, string where)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        if (utf8.Span.StartsWith(byteOrderMark)) utf8 = utf8[byteOrderMark.Length..];
        return StrictObject.Read(utf8, where, MachineReader.Read);
    }

    /// <summary>SHA-256, lower-case hexadecimal, of the machine without its prose (description and sources).</summary>
    public static string Hash(Machine machine) =>
        Convert.ToHexStringLower(SHA256.HashData(MachineWriter.Write(machine, prose: false, indented: false)));

    /// <summary>The machine as a file that reads back to the same machine.</summary>
    public static byte[] Write(Machine machine) => MachineWriter.Write(machine, prose: true, indented: true);
}
