using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Models.Graphs;

namespace Hil.Compiler.Lowering;

/// <summary>Where a product's windows lie: the taps of all lines are one long row of the source, of which the weights' tiles name the parts.</summary>
internal sealed record WindowSource(Window Window, PaddedGrid Grid)
{
    /// <summary>Region, bytes from window to window, and bytes of all windows of a run of outputs within one output line.</summary>
    public (Region Region, long Offset, int StrideBytes, long Bytes) Locate(TensorView source, RowBlock block, int rowBytes)
    {
        RowPiece piece = source.Pieces[0];
        int stride = Window.StrideWidth * source.StrideBytes;
        // The first piece begins at the grid's first position, whatever lies before it.
        int start = Grid.Start(Window, block.Row) - ((Grid.Top * Grid.LineWidth) + Grid.Left) + piece.RegionRow;
        return (piece.Region, (long)start * source.StrideBytes, stride, ((block.Rows - 1L) * stride) + rowBytes);
    }
}

/// <summary>Fills what lies around a grid with one element.</summary>
internal sealed class BorderLowering(Plan plan)
{
    private const int MostRows = 4095;

    private readonly Plan _plan = plan;

    public void Fill(PaddedGrid grid, TensorView view, sbyte element)
    {
        Region region = view.Pieces[0].Region;
        int words = view.StrideBytes / _plan.WordBytes;
        foreach ((int first, int positions, int count, int pitch) in grid.Border())
        {
            // One run is a load of as many rows as it has positions; equal runs are the rows of one load.
            int rows = count == 1 ? positions : count;
            int width = count == 1 ? 1 : positions;
            int step = count == 1 ? 1 : pitch;
            foreach (RowBlock part in ProductLowering.Blocks(rows, MostRows))
            {
                var bytes = new byte[part.Rows * width * view.StrideBytes];
                Array.Fill(bytes, unchecked((byte)element));
                Operation op = _plan.New(
                    StepKind.Load, Unit.Load,
                    Instruction.Of(Load.Definition, (Load.Rows, (uint)part.Rows), (Load.RowWords, (uint)(width * words)), (Load.Stride, (uint)(step * words))),
                    new Constant(bytes));
                op.Operands.Add(new(
                    Load.Scratch, region, (long)(first + (part.Row * step)) * view.StrideBytes, (long)width * view.StrideBytes, part.Rows,
                    step * view.StrideBytes, true));
                _plan.Append(op);
            }
        }
    }
}
