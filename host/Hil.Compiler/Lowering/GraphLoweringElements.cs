using Hil.Compiler.Plans;
using Hil.Contract;
using Hil.Models.Quantized;

namespace Hil.Compiler.Lowering;

/// <summary>Element-wise and rearranging layers of a graph.</summary>
internal sealed partial class GraphLowering
{
    private void LowerElement(QLayer layer)
    {
        Begin(layer, layer switch
        {
            QSum => "sum",
            QConstant => "constant",
            QMaximumPool => "maximum",
            QSoftmax => "softmax",
            QGatherRows => "gather",
            QTranspose => "transpose",
            _ => throw new HilException(ExitKind.Unsupported, "The compiler knows no such layer.", layer.Name, "Update the framework."),
        });
        TensorView output = Tensors.Create(layer.Outputs.Single())[0];
        FillBorders(layer);
        var elements = new ElementLowering(_plan, PieceCycles());
        switch (layer)
        {
            case QSum s:
                elements.Sum(s, Tensors[s.Left][0], Tensors[s.Right][0], output, Blocks(output.Rows, [Tensors[s.Left][0], Tensors[s.Right][0], output]));
                break;
            case QConstant c:
                elements.Constant(c, output);
                break;
            case QMaximumPool p:
                elements.Maximum(p, Tensors.Grid(p.Input)!, Tensors[p.Input][0], output);
                break;
            case QSoftmax s:
                elements.Softmax(s, Tensors[s.Input][0], output, Blocks(output.Rows, [Tensors[s.Input][0], output]));
                break;
            case QGatherRows g:
                elements.Gather(g, name => Tensors[name][0], output);
                break;
            case QTranspose t:
                elements.Transpose(Tensors[t.Input][0], output);
                break;
        }
    }
}
