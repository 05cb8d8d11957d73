using System.Diagnostics;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Hil.Models.Onnx.Format;
using Hil.Models.Tests.Import;

namespace Hil.Cli.Tests;

/// <summary><c>hil inspect</c> of a file of hundreds of megabytes passes over its weights: a process of its own takes hardly more memory than for the same layers with small ones.</summary>
public sealed class LargeModelsAreInspectedInBoundedMemory : IDisposable
{
    private const int Layers = 25;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>What the process takes at most, over what it takes for a model of 9 MB (neither is compiled), as a share of the file. Kept weights would be 1, and 2 with a copy.</summary>
    private const double MostOfTheFile = 0.1;

    [Fact]
    public void What_a_process_takes_does_not_grow_with_the_file()
    {
        long small = Write("small.onnx", 300), large = Write("large.onnx", 2048);
        (long smallPeak, _) = Inspect("small.onnx");
        (long largePeak, JsonNode inspected) = Inspect("large.onnx");

        Assert.Equal(Layers * 2048L * 2048, (long)inspected["parameters"]!);
        Assert.InRange(large, 400_000_000, 500_000_000);
        Console.WriteLine($"{largePeak / 1e6:F0} MB for a file of {large / 1e6:F0} MB, {smallPeak / 1e6:F0} MB for one of {small / 1e6:F1} MB");
        Assert.True(
            largePeak - smallPeak < MostOfTheFile * (large - small),
            $"{largePeak / 1e6:F0} MB for a file of {large / 1e6:F0} MB, {smallPeak / 1e6:F0} MB for one of {small / 1e6:F1} MB");
    }

    /// <returns>The most resident memory of the process, in bytes, and its answer.</returns>
    private (long Peak, JsonNode Answer) Inspect(string model)
    {
        using var process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("HIL_DOTNET") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "hil.dll"), "inspect", _folder[model], "--machine", "lab-32x32", "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(5)))
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException) when (process.HasExited)
            {
                // Between the two calls.
            }
        }

        Assert.True(process.ExitCode == 0, error.Result);
        Assert.True(peak > 0, "no memory was seen");
        return (peak, JsonNode.Parse(output.Result)!);
    }

    /// <summary>Square linear layers with ReLU between; their weights are zeros that no disk holds, where the file system can leave them out.</summary>
    /// <returns>The file's length.</returns>
    private long Write(string name, int width)
    {
        var m = new TinyModel("x", 1, 4, width);
        string x = "x";
        for (int i = 0; i < Layers; i++)
        {
            m.Proto.Graph.Initializer.Add(new TensorProto { Name = $"w{i}", DataType = 1, Dims = { width, width } });
            x = m.Node("Relu", [m.Node("MatMul", [x, $"w{i}"])]);
        }

        return Zeros.Write(_folder[name], ModelProto.Parser.ParseFrom(m.Finish(x)));
    }

    /// <summary>Protocol Buffers by hand: what is so long is never in memory here either.</summary>
    private static class Zeros
    {
        private static readonly byte[] Graph = [(7 << 3) | 2], Initializer = [(5 << 3) | 2], RawData = [(9 << 3) | 2];

        public static long Write(string path, ModelProto model)
        {
            (byte[] Fields, byte[] RawLength, long Raw)[] tensors = [.. model.Graph.Initializer.Select(t =>
            {
                long raw = sizeof(float) * t.Dims.Aggregate(1L, (a, b) => a * b);
                return (t.ToByteArray(), Number(raw), raw);
            })];
            model.Graph.Initializer.Clear();
            byte[] rest = model.Graph.ToByteArray();
            model.Graph = null;
            long Length((byte[] Fields, byte[] RawLength, long Raw) t) => t.Fields.Length + RawData.Length + t.RawLength.Length + t.Raw;
            long all = rest.Length + tensors.Sum(t => Initializer.Length + Number(Length(t)).Length + Length(t));
            using FileStream file = File.Create(path);
            foreach (byte[] part in new[] { model.ToByteArray(), Graph, Number(all), rest }) file.Write(part);
            foreach ((byte[] Fields, byte[] RawLength, long Raw) t in tensors)
            {
                foreach (byte[] part in new[] { Initializer, Number(Length(t)), t.Fields, RawData, t.RawLength }) file.Write(part);
                file.SetLength(file.Position + t.Raw);
                file.Position += t.Raw;
            }

            return file.Length;
        }

        private static byte[] Number(long value)
        {
            var bytes = new List<byte>();
            for (; value > 127; value >>= 7) bytes.Add((byte)((value & 127) | 128));
            return [.. bytes, (byte)value];
        }
    }
}
