using System.IO.Compression;
using Hil.Compiler;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Devices;
using Hil.Jobs.Specs;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quantized;
using Hil.Predict;
using Hil.Reconcile.Files;

namespace Hil.Fuzz;

/// <summary>Writes the seeds of every target, made by the product itself; the ONNX seeds (<c>seeds_onnx.py</c>) must be there.</summary>
public static class Seeds
{
    public static async Task WriteAsync(string corpus)
    {
        Machine machine = MachineFile.Load("icebreaker");
        ProgramImage program = GemmCompiler.Compile(5, 9, 6, machine, 0.3).Program;
        string At(string target, string file) => Path.Combine(Directory.CreateDirectory(Path.Combine(corpus, target)).FullName, file);

        await File.WriteAllBytesAsync(At("hilp", "gemm.hilp"), ProgramFile.Write(program)).ConfigureAwait(false);
        await File.WriteAllTextAsync(At("assembly", "gemm.hilasm"), Disassembler.Print(program)).ConfigureAwait(false);
        await File.WriteAllBytesAsync(At("machine", "icebreaker.json"), MachineFile.Write(machine)).ConfigureAwait(false);
        PredictionFile.Save(At("prediction", "gemm.json"), Predictor.Predict(program, machine, ProgramFile.Hash(program)));
        var sample = new DeviceSample([.. program.Inputs.Select(i => (ReadOnlyMemory<byte>)new byte[i.Rows * i.Columns])]);
        DeviceRun run = await new EmulatorDevice(machine).RunAsync(program, [sample], DeviceRunOptions.Default, CancellationToken.None).ConfigureAwait(false);
        MeasurementFile.Save(At("measurement", "gemm.json"), run.Measurement!);

        var inputs = new Dictionary<string, InputSource>
        {
            [JobSpec.Machine] = new("icebreaker.json", () => MachineFile.Write(machine)),
        };
        JobOptions options = JobOptions.Default with { Gemm = new GemmShape(5, 9, 6, 0.5) };
        await File.WriteAllBytesAsync(At("job", "gemm.json"), LocalJob.Of(JobKind.Gemm, inputs, options).Spec.ToJson()).ConfigureAwait(false);

        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 3 * 6 * 8).Select(_ => (random.NextSingle() * 2) - 1)];
        NpyArray[] arrays = [NpyArray.Of("x", [3, 6, 8], values), NpyArray.Of("labels", [3], [0L, 1L, 2L])];
        byte[] npz = NpzFile.Write(arrays);
        await File.WriteAllBytesAsync(At("npz", "small.npz"), npz).ConfigureAwait(false);
        await File.WriteAllBytesAsync(At("npz", "stored.npz"), Stored(npz)).ConfigureAwait(false);

        OnnxModel model = OnnxModel.Load(At("onnx", "mlp.onnx"));
        Graph graph = OnnxImporter.Import(model);
        TensorRanges ranges = RangeCalibrator.Measure(model, graph, Dataset.Parse(npz, "small", "small.npz", graph), null, CancellationToken.None);
        await File.WriteAllBytesAsync(At("quantized", "mlp.hilq"), QuantizedGraphFile.Write(Quantizer.Quantize(model, graph, ranges).Graph)).ConfigureAwait(false);
    }

    /// <summary>The same archive uncompressed: a changed byte in it is a changed byte of an array.</summary>
    private static byte[] Stored(byte[] npz)
    {
        using var from = new ZipArchive(new MemoryStream(npz));
        var to = new MemoryStream();
        using (var archive = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in from.Entries)
            {
                ZipArchiveEntry copy = archive.CreateEntry(entry.FullName, CompressionLevel.NoCompression);
                copy.LastWriteTime = entry.LastWriteTime;
                using Stream read = entry.Open();
                using Stream write = copy.Open();
                read.CopyTo(write);
            }
        }

        return to.ToArray();
    }
}
