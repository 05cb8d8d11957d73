using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compression.Quantization;

/// <summary>How the device is given what a model reads.</summary>
public static partial class Quantizer
{
    private sealed partial class Build
    {
        private void AddInput(string input)
        {
            var isProductOnly = !_plan.Needs16(input) && _graph.Layers.Where(l => l.Inputs.Contains(input)).All(l => l is Product);
            if (isProductOnly && _graph.Encodings.Wide(input) is null && _graph.Encodings.Narrow(input) is { } encoding
                && !_graph.ModelInputs.Any(i => i.IsOfElements))
            {
                // Numbers beyond the model's own quantizer saturate there: on the device, by the table that makes its elements of them.
                var steps = New(input, ":16", QType.Int16, encoding.Scale);
                var elements = New(input, ":8", QType.Int8, encoding.Scale, encoding.ZeroPoint);
                _inputs.Add(steps.Name);
                _layers.Add(LayerQuantizer.Map($"{input}:int8", steps, elements, LayerQuantizer.Index.Exact(encoding.Scale, encoding)));
                _int8.Add(input, elements);
                return;
            }

            var tensor = isProductOnly
                ? New(input, ":15", QType.Wide15, _plan.InputScale(input))
                : New(input, ":16", QType.Int16, _plan.Scale16(input));
            _inputs.Add(tensor.Name);
            if (isProductOnly)
            {
                _int8.Add(input, tensor);
            }
            else
            {
                Give16(input, tensor, input);
            }
        }
    }
}
