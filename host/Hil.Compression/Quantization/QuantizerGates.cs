using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compression.Quantization;

/// <summary>
/// Products of two activations element by element, by quarter squares: with a and b brought to −1 … 1, a·b = f(a + b) − f(a − b), f(x) = x²/4. Sums are layers,
/// f is a table of 256 entries, so that the device needs no multiplier of its own for them (E. L. Johnson, "A digital quarter square multiplier", IEEE Transactions on Computers C-29, 1980).
/// </summary>
public static partial class Quantizer
{
    private sealed partial class Build
    {
        /// <summary>A table's step in steps of the int16 tensor that it is copied to: 255 of them fit.</summary>
        private const int StepsOfASquare = 128;

        private void AddElementProduct(ElementProduct p)
        {
            var (left, right) = (_int16[p.Left], _int16[p.Right]);
            double largestLeft = Largest(p.Left), largestRight = Largest(p.Right);
            var output = New(p.Output, ":16", QType.Int16, _plan.Scale16(p.Output));

            // (a ± b)² = a² + b² ± 2ab is at most 2 and twice the largest product.
            var share = Math.Min(1, _ranges[p.Output].Magnitude / (Math.Abs(p.Factor) * largestLeft * largestRight));
            var reach = Math.Sqrt(2 + (2 * (double.IsFinite(share) ? share : 1)));
            var step = FixedPoint.Scale(reach / short.MaxValue);
            var index = LayerQuantizer.Table(Activation.Other, new ScalarFunction(x => x * x / 4), new(-reach, reach, 0), null, null);
            QTensor Square(string role, int sign)
            {
                var sum = Part(p.Output, $":16:{role}", QType.Int16, step);
                AddSum($"{p.Name}:{role}", left, right, sum, left.Scale / (largestLeft * step), sign * right.Scale / (largestRight * step));
                var square = Part(p.Output, $":8:{role}:square", QType.Int8, index.OutputScale, index.OutputZero);
                _layers.Add(LayerQuantizer.Map($"{p.Name}:{role}:square", sum, square, index.Index));
                var wide = Part(p.Output, $":16:{role}:square", QType.Int16, index.OutputScale / StepsOfASquare);
                _layers.Add(LayerQuantizer.Map($"{p.Name}:{role}:wide", square, wide, LayerQuantizer.Index.Direct(wide.Scale)));
                return wide;
            }

            var (sum, difference) = (Square("sum", 1), Square("difference", -1));
            var factor = p.Factor * largestLeft * largestRight * sum.Scale / output.Scale;
            AddSum(p.Name, sum, difference, output, factor, -factor);
            Give16(p.Output, output, p.Name);

            double Largest(string tensor) => _ranges[tensor].Magnitude is > 0 and var magnitude ? magnitude : 1;
        }

        /// <summary>A tensor on the way to another one, in its shape; no ONNX tensor has its values.</summary>
        private QTensor Part(string of, string suffix, QType type, double scale, int zero = 0)
        {
            var tensor = new QTensor(of + suffix, string.Empty, _graph.Tensors[of].Rows, _graph.Tensors[of].Columns, type, scale, zero);
            _tensors.Add(tensor.Name, tensor);
            return tensor;
        }
    }
}
