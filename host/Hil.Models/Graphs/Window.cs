using System.Text.Json.Serialization;

namespace Hil.Models.Graphs;

/// <summary>
/// The input rows of a product that is a convolution. The input's rows are the positions of a grid, line by line, its columns the channels. Row
/// (y, x) of the product is the channels of all taps (ky, kx) side by side, that of the first tap at position
/// (y·StrideHeight − PadTop, x·StrideWidth − PadLeft); positions outside of the grid mean 0. A one-dimensional convolution has one line.
/// </summary>
/// <param name="Height">Lines of the input.</param>
/// <param name="Width">Positions of a line of the input.</param>
/// <param name="KernelHeight">Lines of taps.</param>
/// <param name="KernelWidth">Taps of a line.</param>
/// <param name="StrideHeight">Input lines from output line to output line.</param>
/// <param name="StrideWidth">Input positions from output position to output position.</param>
/// <param name="PadTop">Lines of zeros before the first.</param>
/// <param name="PadLeft">Zeros before a line.</param>
/// <param name="OutputHeight">Lines of the output.</param>
/// <param name="OutputWidth">Positions of a line of the output.</param>
public sealed record Window(
    int Height,
    int Width,
    int KernelHeight,
    int KernelWidth,
    int StrideHeight,
    int StrideWidth,
    int PadTop,
    int PadLeft,
    int OutputHeight,
    int OutputWidth)
{
    /// <summary>Input lines from tap to tap.</summary>
    public int DilationHeight { get; init; } = 1;

    /// <summary>Input positions from tap to tap.</summary>
    public int DilationWidth { get; init; } = 1;

    /// <summary>Number of taps.</summary>
    [JsonIgnore]
    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Rows of the product.</summary>
    [JsonIgnore]
    public int Outputs => OutputHeight * OutputWidth;

    /// <summary>Lines beyond the last that the taps reach.</summary>
    [JsonIgnore]
    public int PadBottom => Math.Max(0, ((OutputHeight - 1) * StrideHeight) + ((KernelHeight - 1) * DilationHeight) - PadTop + 1 - Height);

    /// <summary>Positions beyond a line's last that the taps reach.</summary>
    [JsonIgnore]
    public int PadRight => Math.Max(0, ((OutputWidth - 1) * StrideWidth) + ((KernelWidth - 1) * DilationWidth) - PadLeft + 1 - Width);

    /// <summary>The input row that a tap of an output row reads, or −1 where it lies outside of the grid.</summary>
    public int Source(int output, int tap)
    {
        var y = (output / OutputWidth * StrideHeight) - PadTop + (tap / KernelWidth * DilationHeight);
        var x = (output % OutputWidth * StrideWidth) - PadLeft + (tap % KernelWidth * DilationWidth);
        return y < 0 || y >= Height || x < 0 || x >= Width ? -1 : (y * Width) + x;
    }

    /// <summary>All sizes are positive, no padding is negative, and the whole is not absurdly large.</summary>
    [JsonIgnore]
    public bool IsSound
    {
        get
        {
            const int Most = 1 << 20;
            int[] sizes = [Height, Width, KernelHeight, KernelWidth, StrideHeight, StrideWidth, OutputHeight, OutputWidth, DilationHeight, DilationWidth];
            return sizes.All(s => s is > 0 and <= Most) && PadTop is >= 0 and <= Most && PadLeft is >= 0 and <= Most
                && (long)Height * Width <= Most && (long)OutputHeight * OutputWidth <= Most && (long)KernelHeight * KernelWidth <= Most;
        }
    }
}
