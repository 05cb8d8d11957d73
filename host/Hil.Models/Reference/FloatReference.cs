using System.Collections.Immutable;
using Hil.Contract;
using Hil.Models.Data;
using Hil.Models.Graphs;
using Hil.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Hil.Models.Reference;

/// <summary>
/// The float reference: a model run by ONNX Runtime on one thread, one sample at a time, with any of its tensors as further outputs.
/// </summary>
public sealed class FloatReference : IDisposable
{
    private readonly InferenceSession? _session;
    private readonly ImmutableArray<ModelInput> _inputs;
    private readonly ModelInput[] _read;
    private readonly string[] _outputs;
    private readonly string _where;

    /// <summary>
    /// Prepares a model whose inputs have static shapes. <paramref name="tensors"/> are the names of the tensors that every run gives;
    /// the model's own output is always among them.
    /// </summary>
    public FloatReference(OnnxModel model, IEnumerable<string> tensors)
        : this(model, tensors, false)
    {
    }

    private FloatReference(OnnxModel model, IEnumerable<string> tensors, bool isFront)
    {
        ArgumentNullException.ThrowIfNull(model);
        _inputs = ModelInputs.Describe(model.Proto) ?? throw new HilException(
            ExitKind.Unsupported, "its inputs need static shapes of known types.", model.Name, "Bind its dimensions, such as --bind batch=1,seq=64.");
        _where = model.Name;
        OutputName = model.Proto.Graph.Output[0].Name;
        var own = isFront ? [] : model.Proto.Graph.Output.Select(o => o.Name);
        _outputs = [.. own.Concat(tensors).Distinct().Where(t => !_inputs.Any(i => i.Name == t))];
        if (_outputs.Length == 0)
        {
            _read = [];
            return;
        }

        var part = SubModel.For(model.Giving(_outputs), _outputs);
        var read = part.Graph.Input.Select(i => i.Name).ToHashSet();
        _read = [.. _inputs.Where(i => read.Contains(i.Name))];
        _session = Runtime.Open(part, _outputs, model.Name);
    }

    /// <summary>Name of the model's output.</summary>
    public string OutputName { get; }

    /// <summary>
    /// What the host computes before the device runs: only the part of the model that <paramref name="tensors"/> depend on is run.
    /// </summary>
    public static FloatReference Front(OnnxModel model, IEnumerable<string> tensors) => new(model, tensors, true);

    /// <summary>Runs one sample of a model of one input.</summary>
    public IReadOnlyDictionary<string, float[]> Run(ReadOnlyMemory<float> sample) => Run(ModelSample.Of(_inputs[0].Name, sample));

    /// <summary>Runs one sample; gives each tensor's values, row-major, by name (those of the inputs included).</summary>
    public IReadOnlyDictionary<string, float[]> Run(ModelSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var tensors = new Dictionary<string, float[]>(_outputs.Length + _inputs.Length);
        foreach (var input in _inputs)
        {
            var values = sample[input.Name].ToArray();
            tensors[input.Name] = values.Length == input.Count
                ? values
                : throw new ArgumentException($"'{input.Name}' has {input.Count} values, not {values.Length}.", nameof(sample));
        }

        if (_session is null)
        {
            return tensors;
        }

        foreach (var input in _read)
        {
            if (OrtTensors.Unfit(input.ElementType, tensors[input.Name]) is { } value)
            {
                throw new HilException(ExitKind.BadInput, $"the input '{input.Name}' is of 8 or 16 bits and cannot be {value}.", _where, "Give the integers of the quantized input.");
            }
        }

        OrtValue[] given = [.. _read.Select(i => OrtTensors.Create(i.ElementType, tensors[i.Name], [.. i.Shape]))];
        try
        {
            using var results = Runtime.Run(_session, [.. _read.Select(i => i.Name)], given, _outputs, _where);
            for (var i = 0; i < _outputs.Length; i++)
            {
                tensors[_outputs[i]] = OrtTensors.Floats(results[i], _outputs[i]);
            }
        }
        finally
        {
            Array.ForEach(given, v => v.Dispose());
        }

        return tensors;
    }

    /// <inheritdoc/>
    public void Dispose() => _session?.Dispose();
}
