using Hil.Compiler.Plans;
using Hil.Models.Graphs;

namespace Hil.Compiler.Lowering;

/// <summary>
/// How a tensor lies in memory that windows read: the positions of each line one after the other, with as many more around the grid as any of the
/// windows reaches. What lies there means 0.
/// </summary>
internal sealed record PaddedGrid(int Height, int Width, int Top, int Left, int Bottom, int Right)
{
    /// <summary>Positions from line to line.</summary>
    public int LineWidth => Left + Width + Right;

    public int Positions => (Top + Height + Bottom) * LineWidth;

    public bool IsPadded => Positions != Height * Width;

    /// <summary>The smallest grid that all the windows fit, or null where they see grids of unlike lines.</summary>
    public static PaddedGrid? Of(IReadOnlyList<Window> windows)
    {
        Window first = windows[0];
        return windows.Any(w => w.Height != first.Height || w.Width != first.Width)
            ? null
            : new(first.Height, first.Width, windows.Max(w => w.PadTop), windows.Max(w => w.PadLeft), windows.Max(w => w.PadBottom), windows.Max(w => w.PadRight));
    }

    /// <summary>The rows of a tensor, line by line, in a region of all positions.</summary>
    public IReadOnlyList<RowPiece> Pieces(Region region) => IsPadded
        ? [.. Enumerable.Range(0, Height).Select(y => new RowPiece(y * Width, Width, region, ((Top + y) * LineWidth) + Left))]
        : [new(0, Height * Width, region, 0)];

    /// <summary>The runs of positions around the grid: (first, positions, how often, from run to run).</summary>
    public IEnumerable<(int First, int Positions, int Count, int Pitch)> Border()
    {
        int head = (Top * LineWidth) + Left;
        if (head > 0) yield return (0, head, 1, 0);
        if (Height > 1 && Left + Right > 0) yield return (head + Width, Left + Right, Height - 1, LineWidth);
        int tail = Right + (Bottom * LineWidth);
        if (tail > 0) yield return (Positions - tail, tail, 1, 0);
    }

    /// <summary>The position of the first tap of an output row.</summary>
    public int Start(Window window, int output) =>
        (((output / window.OutputWidth * window.StrideHeight) - window.PadTop + Top) * LineWidth)
        + (output % window.OutputWidth * window.StrideWidth) - window.PadLeft + Left;

    /// <summary>Where input k of a window's product lies from its first tap on, in bytes.</summary>
    /// <param name="channels">Where each channel lies in a position.</param>
    /// <param name="pitch">Bytes of a position.</param>
    public int[] Offsets(Window window, int[] channels, int pitch) =>
        [.. Enumerable.Range(0, window.Taps).SelectMany(tap => channels.Select(c =>
            (((tap / window.KernelWidth * window.DilationHeight * LineWidth) + (tap % window.KernelWidth * window.DilationWidth)) * pitch) + c))];
}
