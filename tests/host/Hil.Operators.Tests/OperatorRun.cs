using System.Buffers.Binary;
using System.Collections.Immutable;
using Hil.Compiler;
using Hil.Compiler.Tests;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Compression.Tests;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quantized;
using Hil.Models.Reference;
using Hil.Predict;

namespace Hil.Operators.Tests;

/// <summary>A model taken through import, quantization and compilation, and run on the emulator and in ONNX Runtime.</summary>
internal sealed class OperatorRun
{
    private readonly OnnxModel _model;
    private readonly QuantizedGraph _quantized;
    private readonly ModelSample[] _samples;
    private readonly Lazy<IReadOnlyDictionary<string, float[]>> _given;
    private readonly Dictionary<IReadOnlyDictionary<string, float[]>, Dictionary<string, int[]>> _integers = new(ReferenceEqualityComparer.Instance);

    public OperatorRun(OnnxModel model, params float[][] samples)
        : this(model, graph => [.. samples.Select(s => ModelSample.Of(graph.ModelInputs[0].Name, s))])
    {
    }

    /// <param name="model">Of one input or several.</param>
    /// <param name="samples">The samples of a graph, all its inputs in each.</param>
    public OperatorRun(OnnxModel model, Func<Graph, ModelSample[]> samples)
    {
        _model = model;
        Graph = OnnxImporter.Import(model);
        _samples = samples(Graph);
        var data = new Dataset("samples", "", [.. _samples], [], false, [], []);
        Ranges = RangeCalibrator.Measure(model, Graph, data, null, CancellationToken.None);
        _quantized = Quantizer.Quantize(model, Graph, Ranges).Graph;
        _given = new(() =>
        {
            using var reference = new FloatReference(_model, Graph.GivenTensors);
            return reference.Run(_samples[0]);
        });
    }

    public Graph Graph { get; }

    public TensorRanges Ranges { get; }

    public QuantizedGraph Quantized => _quantized;

    /// <summary>The largest difference from the float model over all samples, as a share of the output's range.</summary>
    /// <param name="machine">Machine that is emulated.</param>
    /// <param name="recorded">What the first sample should give; null: what ONNX Runtime gives.</param>
    public double Error(Machine machine, float[]? recorded = null)
    {
        using var reference = new FloatReference(_model, Graph.GivenTensors);
        var engine = Compile(machine, out var program);
        var worst = 0.0;
        foreach (var sample in _samples)
        {
            var floats = reference.Run(sample);
            var expected = recorded ?? floats[reference.OutputName];
            var actual = Run(engine, program, floats);
            Assert.Equal(expected.Length, actual.Length);
            var range = Math.Max(1e-6, expected.Max(Math.Abs));
            worst = Math.Max(worst, expected.Zip(actual).Max(p => Math.Abs(p.First - p.Second)) / range);
        }

        return worst;
    }

    /// <summary>Layers and total that Predict misses by more than it may, against the emulator.</summary>
    public IReadOnlyList<string> Mispredicted(Machine machine)
    {
        var truth = Compile(machine, out var program).Timing;
        var prediction = Predictor.Predict(program, machine);
        var wrong = new List<string>();
        for (var i = 0; i < truth.Layers.Count; i++)
        {
            Compare(program.Layers[i].Name, truth.Layers[i].Cycles, prediction.Layers[i].Cycles, 0.05);
        }

        Compare("total", truth.Counters.Cycles, prediction.Cycles, 0.02);
        return wrong;

        void Compare(string name, long cycles, double predicted, double share)
        {
            if (Math.Abs(predicted - cycles) > Math.Max(50, share * cycles))
            {
                wrong.Add($"{_model.Name}/{name} on {machine.Name}: {cycles} cycles, predicted {predicted:F0}");
            }
        }
    }

    /// <summary>Every tensor that the host can see of the first sample, on the emulator, is that of plain integers.</summary>
    /// <returns>The cycles that it counts.</returns>
    public long AssertExact(Machine machine)
    {
        var engine = Compile(machine, out var program);
        LayerNames.AssertOf(_quantized, program);
        Run(engine, program, _given.Value);
        return engine.Timing.Counters.Cycles;
    }

    /// <summary>Float values of each sample, by ONNX name, as ONNX Runtime gives them for the file.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, float[]>> Floats(IEnumerable<string> tensors)
    {
        using var reference = new FloatReference(_model, tensors.Concat(Graph.GivenTensors));
        return [.. _samples.Select(reference.Run)];
    }

    /// <summary>All tensors of each sample in plain integers.</summary>
    public IReadOnlyList<Dictionary<string, int[]>> Integers() => [.. Floats([]).Select(given => new IntegerExecutor(_quantized).Run(given))];

    public Counters Counters(Machine machine) => Compile(machine, out _).Timing.Counters;

    private EmulatorEngine Compile(Machine machine, out ProgramImage program)
    {
        program = ModelCompiler.Compile(_quantized, machine).Program;
        return new EmulatorEngine(machine, program);
    }

    /// <summary>The output for one sample, of what the host gives; every tensor that the host can see is compared with plain integers.</summary>
    private float[] Run(EmulatorEngine engine, ProgramImage program, IReadOnlyDictionary<string, float[]> given)
    {
        if (!_integers.TryGetValue(given, out var expected)) _integers.Add(given, expected = new IntegerExecutor(_quantized).Run(given));
        var done = _quantized.Inputs.ToDictionary(i => i, _ => 0);
        var inputs = new List<ReadOnlyMemory<byte>>();
        foreach (var place in program.Inputs)
        {
            var name = place.Name.Split('[')[0];
            var count = place.Rows * place.Columns;
            inputs.Add(Bytes(_quantized.Tensors[name].Type, expected[name].AsSpan(done[name], count)));
            done[name] += count;
        }

        var wrong = new List<string>();
        var outputs = engine.Run(inputs, new RunRequest(false, (place, data) =>
        {
            var name = place.Name.Split('[')[0];
            var row = place.Name.Length > name.Length ? int.Parse(place.Name[(name.Length + 1)..^1], System.Globalization.CultureInfo.InvariantCulture) : 0;
            var columns = _quantized.Tensors[name].Columns;
            if (!Elements(place, data.Span).AsSpan().SequenceEqual(expected[name].AsSpan(row * columns, place.Rows * columns)))
            {
                wrong.Add(place.Name);
            }
        })).Outputs;
        int[] result = [.. program.Outputs.Zip(outputs).SelectMany(p => Elements(p.First, p.Second))];
        Assert.Empty(wrong);
        Assert.Equal(expected[_quantized.Output], result);
        return QEncoding.Decode(_quantized.Tensors[_quantized.Output], result);
    }

    private static byte[] Bytes(QType type, ReadOnlySpan<int> elements)
    {
        var bytes = new byte[elements.Length * (type == QType.Int8 ? 1 : 2)];
        for (var i = 0; i < elements.Length; i++)
        {
            switch (type)
            {
                case QType.Int8:
                    bytes[i] = unchecked((byte)elements[i]);
                    break;
                case QType.Int16:
                    BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), (short)elements[i]);
                    break;
                default:
                    var (high, low) = QEncoding.Split(elements[i]);
                    (bytes[i], bytes[elements.Length + i]) = (unchecked((byte)high), unchecked((byte)low));
                    break;
            }
        }

        return bytes;
    }

    private static int[] Elements(TensorPlace place, ReadOnlySpan<byte> bytes)
    {
        var values = new int[place.Rows * place.Columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = place.Type == ElementType.Int16 ? BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) : unchecked((sbyte)bytes[i]);
        }

        return values;
    }
}
