using System.Security.Cryptography;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Verification;
using Hil.Jobs.Specs;
using Hil.Models.Data;
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

    public static readonly IReadOnlyList<FuzzTarget> All =
    [
        new("onnx", Onnx, Unsealed),
        new("npz", bytes => NpzFile.Read(new MemoryStream(bytes), "fuzz.npz"), Unsealed),
        new("hilp", Program, Sealed),
        new("machine", bytes => MachineFile.Parse(bytes, "fuzz.json"), Unsealed),
        new("job", bytes => JobSpec.FromJson(bytes, "fuzz.json"), Unsealed),
        new("measurement", bytes => MeasurementFile.Parse(new MemoryStream(bytes), "fuzz.json"), Unsealed),
        new("prediction", bytes => PredictionFile.Parse(new MemoryStream(bytes), "fuzz.json"), Unsealed),
        new("quantized", bytes => QuantizedGraphFile.Read(bytes, "fuzz.hilq"), Unsealed),
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
            return refusal;
        }
    }

    private static void Onnx(byte[] bytes)
    {
        OnnxModel model = OnnxModel.Parse(bytes, "fuzz", "fuzz.onnx");
        OnnxImporter.TryImport(model, out _);
    }

    /// <summary>A program that can be read can be verified, whatever it says.</summary>
    private static void Program(byte[] bytes)
    {
        ProgramImage program = ProgramFile.Read(bytes, "fuzz.hilp");
        Verifier.Verify(program, MachineFile.Load("icebreaker"));
    }

    private static byte[] Unsealed(byte[] bytes) => bytes;

    private static byte[] Sealed(byte[] bytes)
    {
        if (bytes.Length > ChecksumBytes)
        {
            SHA256.HashData(bytes.AsSpan(0, bytes.Length - ChecksumBytes), bytes.AsSpan(bytes.Length - ChecksumBytes));
        }

        return bytes;
    }
}
