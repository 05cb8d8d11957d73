using System.Buffers.Binary;
using Hil.Compression.Tests;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Tests;

/// <summary>A graph with random inputs: compiled and emulated, every tensor that the host can see is that of plain integers.</summary>
internal sealed class GraphRun
{
    private readonly Dictionary<string, int[]> _expected;

    public GraphRun(QuantizedGraph graph)
    {
        Assert.Null(QuantizedGraphChecks.FirstError(graph));
        Graph = graph;
        var random = new Random(7);
        Dictionary<string, float[]> given = graph.Inputs.ToDictionary(i => graph.Tensors[i].Source, i => Values(graph.Tensors[i], random));
        foreach (QMask mask in graph.Masks)
            given[mask.Source.Tensor] = [.. Enumerable.Range(0, mask.Source.Keys).Select(k => k == 0 || random.Next(3) > 0 ? 1f : 0f)];
        _expected = new IntegerExecutor(graph).Run(given);
    }

    public QuantizedGraph Graph { get; }

    public void AssertRight(ProgramImage program, Machine machine)
    {
        LayerNames.AssertOf(Graph, program);
        var engine = new EmulatorEngine(machine, program);
        Assert.Equal(Contract.Isa.TrapReason.None, engine.Timing.Trap.Reason);
        var wrong = new List<string>();
        int seen = 0;
        IReadOnlyList<byte[]> outputs = engine.Run(Inputs(program), new RunRequest(false, (place, bytes) =>
        {
            seen++;
            if (!DeviceTensors.Elements(place, bytes.Span).AsSpan().SequenceEqual(Expected(place))) wrong.Add(place.Name);
        })).Outputs;
        Assert.Empty(wrong);
        Assert.Equal(program.Observables.Count, seen);
        Assert.Equal(_expected[Graph.Output], program.Outputs.Zip(outputs).SelectMany(p => DeviceTensors.Elements(p.First, p.Second)));
    }

    // The rows of a tensor that lie in one place; of a mask the keys that count, as bits or as addends.
    private ReadOnlySpan<int> Expected(TensorPlace place)
    {
        string name = place.Name.Split('[')[0];
        int first = place.Name.Length > name.Length ? int.Parse(place.Name[(name.Length + 1)..^1], System.Globalization.CultureInfo.InvariantCulture) : 0;
        return _expected[name].AsSpan(first * place.Columns, place.Rows * place.Columns);
    }

    private List<ReadOnlyMemory<byte>> Inputs(ProgramImage program)
    {
        var inputs = new List<ReadOnlyMemory<byte>>();
        foreach (TensorPlace place in program.Inputs)
        {
            var bytes = new byte[place.Rows * place.Columns * (place.Type == ElementType.Int8 ? 1 : 2)];
            bool isMask = Graph.Masks.Any(m => m.Name == place.Name);
            if (isMask && place.Type == ElementType.Int8)
            {
                int[] keys = _expected[place.Name];
                for (int k = 0; k < keys.Length; k++) bytes[k / 8] |= (byte)(keys[k] << (k % 8));
            }
            else
            {
                int[] elements = isMask
                    ? [.. Enumerable.Range(0, place.Rows * place.Columns).Select(i => _expected[place.Name][i % place.Columns] != 0 ? 0 : -short.MaxValue)]
                    : Expected(place).ToArray();
                for (int i = 0; i < elements.Length; i++) Put(bytes, place.Type, i, elements.Length, elements[i]);
            }

            inputs.Add(bytes);
        }

        return inputs;
    }

    private static void Put(byte[] bytes, ElementType type, int at, int count, int element)
    {
        if (type == ElementType.Int16)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * at), (short)element);
        }
        else if (type == ElementType.Wide15)
        {
            (sbyte high, sbyte low) = QEncoding.Split(element);
            (bytes[at], bytes[count + at]) = (unchecked((byte)high), unchecked((byte)low));
        }
        else
        {
            bytes[at] = unchecked((byte)element);
        }
    }

    private static float[] Values(QTensor tensor, Random random)
    {
        int limit = tensor.Type switch { QType.Int8 => 127, QType.Int16 => 20_000, _ => QTensor.Wide15Maximum };
        return [.. Enumerable.Range(0, tensor.Count).Select(_ => (float)(tensor.Scale * (random.Next(-limit, limit + 1) - tensor.ZeroPoint)))];
    }
}
