using Hil.Contract;
using Hil.Models.Onnx;
using Hil.Models.Onnx.Format;
using Hil.Models.Reference;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Hil.Models.Import;

/// <summary>What ONNX Runtime says of a model's tensors before anything runs.</summary>
/// <param name="Known">Shapes of tensors whose every dimension is known.</param>
/// <param name="Unknown">Tensors whose shape only a run can tell: that of others is not inferred, or is none, which looks like a number's.</param>
/// <param name="Others">Tensors whose elements are not float32.</param>
internal sealed record InferredShapes(IReadOnlyDictionary<string, long[]> Known, IReadOnlySet<string> Unknown, IReadOnlySet<string> Others)
{
    /// <summary>Elements that all tensors of a model may have together.</summary>
    private const long MostElements = 1L << 30;

    /// <summary>The shapes of some tensors; those that the file claims are not believed.</summary>
    /// <exception cref="HilException">BadInput: ONNX Runtime refuses the model, or its tensors would fill the memory.</exception>
    public static InferredShapes Of(ModelProto model, string[] tensors, string where)
    {
        var claimless = model.Clone();
        claimless.Graph.ValueInfo.Clear();
        foreach (var output in claimless.Graph.Output.Where(o => o.Type?.TensorType is not null))
        {
            output.Type.TensorType.Shape = null;
        }

        using var session = Runtime.Open(claimless, tensors, where);
        var (known, unknown, others) = (new Dictionary<string, long[]>(), new HashSet<string>(), new HashSet<string>());
        var all = 0L;
        foreach (var tensor in tensors.Distinct())
        {
            var info = session.OutputMetadata[tensor];
            if (!info.IsTensor || info.Dimensions.Length == 0 || Array.Exists(info.Dimensions, d => d < 0))
            {
                unknown.Add(tensor);
            }
            else
            {
                known.Add(tensor, [.. info.Dimensions.Select(d => (long)d)]);
            }

            if (!info.IsTensor)
            {
                continue;
            }

            if (info.ElementDataType != TensorElementType.Float)
            {
                others.Add(tensor);
            }

            var count = TensorData.Count(info.Dimensions.Select(d => (long)Math.Max(1, d)));
            all += count;
            if (count < 0 || all > MostElements)
            {
                throw new HilException(
                    ExitKind.BadInput,
                    count < 0 ? $"the tensor '{tensor}' has more than {TensorData.MaximumElements} elements." : $"its tensors have more than {MostElements} elements.",
                    where,
                    "Bind shorter dimensions, or check what computes its shape.");
            }
        }

        return new(known, unknown, others);
    }
}
