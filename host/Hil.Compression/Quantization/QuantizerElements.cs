using System.Collections.Immutable;
using Hil.Models.Graphs;
using Hil.Models.Quantized;

namespace Hil.Compression.Quantization;

/// <summary>Element-wise and rearranging layers.</summary>
public static partial class Quantizer
{
    private sealed partial class Build
    {
        /// <summary>A probability of 1 in int16.</summary>
        private const double ProbabilityScale = 1.0 / 32767;

        private void AddElement(Layer layer)
        {
            switch (layer)
            {
                case Sum sum:
                    AddSum(sum);
                    break;
                case ElementProduct product:
                    AddElementProduct(product);
                    break;
                case ConstantTensor constant:
                    var values = New(constant.Output, ":16", QType.Int16, _plan.Scale16(constant.Output));
                    _layers.Add(new QConstant(constant.Name, values.Name, [.. constant.Values.Select(v => (short)FixedPoint.Round(v / values.Scale, short.MaxValue))]));
                    Give16(constant.Output, values, constant.Name);
                    break;
                case MaximumPool pool:
                    var pooled = NewLike(pool.Output, _int8[pool.Input]);
                    _layers.Add(new QMaximumPool(pool.Name, _int8[pool.Input].Name, pooled.Name, pool.Window));
                    Give8(pool.Output, pooled, pool.Name);
                    break;
                case TransposeRows transpose:
                    var transposed = NewLike(transpose.Output, _int8[transpose.Input]);
                    _layers.Add(new QTranspose(transpose.Name, _int8[transpose.Input].Name, transposed.Name));
                    Give8(transpose.Output, transposed, transpose.Name);
                    break;
                case SoftmaxRows softmax:
                    var scores = _int16[softmax.Input];
                    var probabilities = New(softmax.Output, ":16", QType.Int16, ProbabilityScale);
                    var (multiplier, scoreShift) = FixedPoint.Multiplier(scores.Scale * softmax.Scale * LayerQuantizer.ScoreStepsPerNat);
                    var (factor, shift) = FixedPoint.Multiplier(1 / ProbabilityScale);
                    _layers.Add(new QSoftmax(softmax.Name, scores.Name, probabilities.Name, multiplier, scoreShift, factor, shift));
                    Give16(softmax.Output, probabilities, softmax.Name);
                    break;
                case GatherRows gather:
                    AddGather(gather);
                    break;
                case ActivationProduct product:
                    AddActivationProduct(product);
                    break;
                default:
                    throw new InvalidOperationException($"{layer.GetType().Name} is not known.");
            }
        }

        /// <summary>What an attention reads lies by heads, apart from what others read, and has no zero point: a copy, where others read it too or it has one.</summary>
        private QTensor Operand(Attention attention, string tensor, string role)
        {
            var isShared = attention.Inputs.Count(i => i == tensor) > 1 || _graph.Layers.Any(l => l is not Attention && l.Inputs.Contains(tensor));
            return isShared ? Copy(attention, tensor, role) : WithoutZeroPoint(attention, tensor, role);
        }

        private QTensor WithoutZeroPoint(Layer layer, string tensor, string role) => _int8[tensor] is { ZeroPoint: 0 } source ? source : Copy(layer, tensor, role);

        private QTensor Copy(Layer layer, string tensor, string role)
        {
            var source = _int8[tensor];
            var copy = New(tensor, $":8:{role}:{layer.Output}", QType.Int8, source.ZeroPoint == 0 ? source.Scale : _plan.Scale8(tensor));
            _layers.Add(LayerQuantizer.Map($"{layer.Name}:{role}", source, copy, LayerQuantizer.Index.Direct(copy.Scale)));
            return copy;
        }

        private void AddActivationProduct(ActivationProduct p)
        {
            var left = WithoutZeroPoint(p, p.Left, "left");
            var right = p.Right == p.Left ? left : WithoutZeroPoint(p, p.Right, "right");
            var isWide = _plan.Needs16(p.Output) && !ScalePlan.GivesInt8Only(p);
            var output = isWide ? New(p.Output, ":16", QType.Int16, _plan.Scale16(p.Output)) : Narrow(p.Output);
            _layers.Add(LayerQuantizer.ActivationProduct(p, left, right, output));
            if (isWide)
            {
                Give16(p.Output, output, p.Name);
            }
            else
            {
                Give8(p.Output, output, p.Name);
            }
        }

        private void AddSelect(SelectRows select)
        {
            foreach (var (tensors, suffix) in new[] { (_int8, ":8"), (_int16, ":16") })
            {
                if (suffix == ":8" ? _plan.Needs8(select.Output) : _plan.Needs16(select.Output))
                {
                    var source = tensors[select.Input];
                    var output = New(select.Output, suffix, source.Type, source.Scale, source.ZeroPoint);
                    _layers.Add(new QSelectRows(select.Name, source.Name, output.Name, select.First, select.Count));
                    tensors.Add(select.Output, output);
                }
            }
        }

        private void AddSum(Sum sum)
        {
            var (left, right) = (_int16[sum.Left], _int16[sum.Right]);
            var output = New(sum.Output, ":16", QType.Int16, _plan.Scale16(sum.Output));
            AddSum(sum.Name, left, right, output, sum.LeftFactor * left.Scale / output.Scale, sum.RightFactor * right.Scale / output.Scale);
            Give16(sum.Output, output, sum.Name);
        }

        /// <summary>A sum in steps of its parts and of the output.</summary>
        private void AddSum(string name, QTensor left, QTensor right, QTensor output, double leftFactor, double rightFactor)
        {
            double[] factors = [leftFactor, rightFactor];

            // The largest multiplier is written with 15 bits.
            var largest = factors.Max(Math.Abs);
            var shift = 0;
            while (shift < FixedPoint.MaximumShift && Math.Round(Math.ScaleB(largest, shift + 1)) <= short.MaxValue)
            {
                shift++;
            }

            short[] multipliers = [.. factors.Select(f => (short)FixedPoint.Round(Math.ScaleB(f, shift), short.MaxValue))];
            _layers.Add(new QSum(name, left.Name, right.Name, output.Name, multipliers[0], multipliers[1], shift));
        }

        private void AddGather(GatherRows gather)
        {
            var output = New(gather.Output, ":16", QType.Int16, _plan.Scale16(gather.Output));
            var runs = gather.Runs.Select(run =>
            {
                var source = _int16[run.Input];
                var (multiplier, shift) = FixedPoint.Multiplier(source.Scale / output.Scale);
                return new QRowRun(source.Name, run.First, run.Count, run.Step, multiplier, shift);
            });
            _layers.Add(new QGatherRows(gather.Name, output.Name, runs.ToImmutableArray()));
            Give16(gather.Output, output, gather.Name);
        }

        private QTensor NewLike(string output, QTensor source) => New(output, ":8", QType.Int8, source.Scale, source.ZeroPoint);
    }
}
