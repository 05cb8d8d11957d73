using Hil.Models.Graphs;
using Hil.Models.Import.Values;
using Hil.Models.Onnx.Format;

namespace Hil.Models.Import.Nodes;

/// <summary>Products of two activations element by element (gates), and tensors that a sum or such a product repeats along an axis.</summary>
internal sealed partial class Lowering
{
    /// <summary>A sum, difference or product of two tensors, the smaller one repeated to the shape of the larger by the rules of ONNX.</summary>
    private Value LowerPair(NodeProto node, string left, string right, View? frame)
    {
        if ((frame is null ? Repeated(left) : left) is not { } a || (frame is null ? Repeated(right) : right) is not { } b)
        {
            return _values.GetValueOrDefault(left) is UnknownValue || _values.GetValueOrDefault(right) is UnknownValue
                ? new UnknownValue()
                : Unsupported("It repeats a tensor along an axis in an order that the device cannot bring about.", "Repeat whole rows or whole columns of [1, rows, columns].");
        }

        return node.OpType switch
        {
            "Add" => LowerResidual(a, b, frame),
            "Sub" => EmitSum(a, b, fault == ImporterFault.DifferenceAdded ? 1 : -1, frame),
            _ => EmitGate(a, b, frame),
        };
    }

    /// <summary>The tensor in the shape of the node's output: itself, or what its rows or columns are repeated to; null if the device cannot bring that about.</summary>
    private string? Repeated(string tensor)
    {
        var shape = facts.Shape(Output);
        if (Count(facts.Shape(tensor)) == Count(shape))
        {
            return tensor;
        }

        if (Seen(tensor) is not { } view || view.Base.Name is null || EmitPart(tensor, Repeat(view with { Factor = 1 }, shape)) is not { Base.Name: { } name } part)
        {
            return null;
        }

        _values[name] = part with { Factor = view.Factor };
        return name;

        static long Count(long[] dims) => dims.Aggregate(1L, (a, b) => a * b);
    }

    /// <summary>left · right, element by element.</summary>
    private Value EmitGate(string left, string right, View? frame)
    {
        if (Summand(left, frame) is not { } a || Summand(right, frame) is not { } b)
        {
            return new UnknownValue();
        }

        if (a.Base.Rows != b.Base.Rows || a.Base.Columns != b.Base.Columns)
        {
            return Unsupported("It multiplies two tensors of unlike shape.", "Export it with operands of one shape.");
        }

        // However it is written, the tensor that is there first is the left one.
        (a, b) = Place(a.Base) <= Place(b.Base) ? (a, b) : (b, a);
        var output = new Base { Rows = a.Base.Rows, Columns = a.Base.Columns };
        var factor = fault == ImporterFault.GateFactorLost ? 1 : a.Factor * b.Factor;
        output.Producer = new VectorDraft(output, (name, tensor) => new ElementProduct(name, a.Base.Name!, b.Base.Name!, tensor, factor));
        _drafts.Add(output.Producer);
        return Shown(output, Output, facts.Shape(Output), frame?.Strides);

        int Place(Base factor) => factor.Producer is { } draft ? _drafts.IndexOf(draft) : -1;
    }
}
