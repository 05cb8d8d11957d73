using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Verification;
using Hil.Jobs.Specs;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quantized;
using Hil.Reconcile.Files;

namespace Hil.Fuzz;

/// <summary>
/// One parser of files from outside. Any bytes must give a value or a <see cref="HilException"/>; every other exception is a finding.
/// </summary>
/// <param name="Name">Also the folder of its corpus.</param>
/// <param name="Parse">Reads the bytes, and whatever of the result is only read when asked for.</param>
/// <param name="Seal">Makes the checksum of changed bytes right again, so that the parser behind it is reached.</param>
public sealed record FuzzTarget(string Name, Action<byte[]> Parse, Func<byte[], byte[]> Seal)
{
    private const int ChecksumBytes = 32;

    /// <summary>The environment variable (1) that plants a defect: proof that a run finds one. It is no variable of the product.</summary>
    public const string PlantVariable = "HIL_FUZZ_PLANT";

    public static readonly IReadOnlyList<FuzzTarget> All =
    [
        new("onnx", Onnx, Unsealed),
        new("npz", Data, SealedArchive),
        new("hilp", Program, Sealed),
        new("machine", bytes => MachineFile.Parse(bytes, "fuzz.json"), Unsealed),
        new("job", bytes => JobSpec.FromJson(bytes, "fuzz.json"), Unsealed),
        new("measurement", bytes => MeasurementFile.Parse(new MemoryStream(bytes), "fuzz.json"), Unsealed),
        new("prediction", bytes => PredictionFile.Parse(new MemoryStream(bytes), "fuzz.json"), Unsealed),
        new("quantized", bytes => QuantizedGraphFile.Read(bytes, "fuzz.hilq"), SealedGraph),
        new("assembly", bytes => Assembler.Assemble(Encoding.UTF8.GetString(bytes), "fuzz.hilasm"), Unsealed),
    ];

    public static FuzzTarget Named(string name) =>
        All.FirstOrDefault(t => t.Name == name)
        ?? throw new ArgumentException($"No target {name}; there are {string.Join(", ", All.Select(t => t.Name))}.", nameof(name));

    /// <summary>Parses; a refusal is a good answer.</summary>
    /// <returns>The refusal, or null if the bytes were taken.</returns>
    public HilException? Try(byte[] bytes)
    {
        try
        {
            Parse(bytes);
            return null;
        }
        catch (HilException refusal)
        {
            return Environment.GetEnvironmentVariable(PlantVariable) == "1" ? Planted(refusal) : refusal;
        }
    }

    /// <summary>
    /// The planted defect: a refusal whose cause is no JSON error, so that the input must first be whole JSON of the right keys and then be wrong in a value.
    /// </summary>
    private static HilException Planted(HilException refusal) =>
        refusal.InnerException is InvalidDataException ? throw new InvalidOperationException("The planted defect.", refusal) : refusal;

    private static void Onnx(byte[] bytes)
    {
        OnnxModel model = OnnxModel.Parse(bytes, "fuzz", "fuzz.onnx");
        OnnxImporter.TryImport(model, out _);
    }

    /// <summary>The model that the seed's samples are for. Made anew each time: instrumented code may not run before the fuzzer does.</summary>
    private static Graph Model => new("fuzz", new Tensor("x", 6, 8), new Tensor("y", 6, 4), ImmutableSortedDictionary<string, Tensor>.Empty, []);

    private static void Data(byte[] bytes)
    {
        foreach (NpyArray array in NpzFile.Read(new MemoryStream(bytes), "fuzz.npz").Values)
        {
            _ = array.ToSingles();
            _ = array.ToIntegers();
        }

        Dataset.Parse(bytes, "fuzz", "fuzz.npz", Model);
    }

    /// <summary>A program that can be read can be verified, whatever it says.</summary>
    private static void Program(byte[] bytes)
    {
        ProgramImage program = ProgramFile.Read(bytes, "fuzz.hilp");
        Verifier.Verify(program, MachineFile.Load("icebreaker"));
    }

    private static byte[] Unsealed(byte[] bytes) => bytes;

    /// <summary>Lengths of header and image that add up to the file, and the checksum over all of it.</summary>
    private static byte[] Sealed(byte[] bytes)
    {
        const int prefix = 20;
        if (bytes.Length >= prefix + ChecksumBytes)
        {
            uint body = (uint)(bytes.Length - prefix - ChecksumBytes);
            uint header = Math.Min(body, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), header);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), body - header);
            SHA256.HashData(bytes.AsSpan(0, bytes.Length - ChecksumBytes), bytes.AsSpan(bytes.Length - ChecksumBytes));
        }

        return bytes;
    }

    /// <summary>The central directory's checksum of each array of an archive, as far as it can be read.</summary>
    private static byte[] SealedArchive(byte[] bytes)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes.ToArray()));
            int at = 0;
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                int found = bytes.AsSpan(at).IndexOf("PK\u0001\u0002"u8);
                if (found < 0 || at + found + 20 > bytes.Length)
                {
                    break;
                }

                using Stream stream = entry.Open();
                var sum = new Crc32();
                sum.Append(stream);
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + found + 16), sum.GetCurrentHashAsUInt32());
                at += found + 4;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            return bytes;
        }

        return bytes;
    }

    /// <summary>The checksum of a quantized graph covers the text between its key and the last brace.</summary>
    private static byte[] SealedGraph(byte[] bytes)
    {
        int graph = bytes.AsSpan().IndexOf("\"graph\":"u8) + "\"graph\":".Length;
        int sum = bytes.AsSpan().IndexOf("\"sha256\":\""u8) + "\"sha256\":\"".Length;
        int end = bytes.AsSpan().LastIndexOf((byte)'}');
        if (graph < "\"graph\":".Length || sum < "\"sha256\":\"".Length || end < graph || sum + (2 * ChecksumBytes) > bytes.Length)
        {
            return bytes;
        }

        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(graph, end - graph))), bytes.AsSpan(sum));
        return bytes;
    }
}
