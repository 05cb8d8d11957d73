using Google.Protobuf;
using Hil.Contract;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Microsoft.ML.OnnxRuntime;

namespace Hil.Models.Reference;

/// <summary>
/// The float reference: a model run by ONNX Runtime on one thread, one sample at a time, with any of its tensors as further outputs.
/// </summary>
public sealed class FloatReference : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _input;
    private readonly long[] _shape;
    private readonly string[] _outputs;
    private readonly string _where;

    /// <summary>
    /// Prepares a model with one float32 input of static shape. <paramref name="tensors"/> are the names of the float32 tensors that
    /// every run gives; the model's own output is always among them.
    /// </summary>
    public FloatReference(OnnxModel model, IEnumerable<string> tensors)
    {
        ArgumentNullException.ThrowIfNull(model);
        var inputs = ModelInputs.Of(model.Proto);
        if (inputs is not [{ } input] || ModelInputs.StaticShape(input) is not { } shape)
        {
            throw new HilException(
                ExitKind.Unsupported, "it needs exactly one input of static shape.", model.Name, "Export it for batch 1 without dynamic axes.");
        }

        (_input, _shape, _where) = (input.Name, shape, model.Name);
        _outputs = [.. model.Proto.Graph.Output.Select(o => o.Name).Concat(tensors).Distinct().Where(t => t != _input)];
        OutputName = model.Proto.Graph.Output[0].Name;
        _session = Runtime.Open(model.Proto, _outputs, model.Name);
    }

    /// <summary>Name of the model's output.</summary>
    public string OutputName { get; }

    /// <summary>Number of values of one input sample.</summary>
    public int InputCount => checked((int)TensorData.Count(_shape));

    /// <summary>Runs one sample; gives each tensor's values, row-major, by name (the input's own name included).</summary>
    public IReadOnlyDictionary<string, float[]> Run(ReadOnlyMemory<float> sample)
    {
        if (sample.Length != InputCount)
        {
            throw new ArgumentException($"A sample has {InputCount} values, not {sample.Length}.", nameof(sample));
        }

        var values = sample.ToArray();
        using var input = OrtValue.CreateTensorValueFromMemory(values, _shape);
        using var results = Runtime.Run(_session, _input, input, _outputs, _where);
        var tensors = new Dictionary<string, float[]>(_outputs.Length + 1) { [_input] = values };
        for (var i = 0; i < _outputs.Length; i++)
        {
            tensors[_outputs[i]] = results[i].GetTensorDataAsSpan<float>().ToArray();
        }

        return tensors;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
