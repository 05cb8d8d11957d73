using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hil.Emulator.Functional.Products;

/// <summary>Rearranges activations and weights into the int16 pairs of <see cref="ProductKernel"/>.</summary>
internal static class PanelPacking
{
    /// <summary>
    /// Widens rows of tiles: the tiles of <paramref name="runs"/> (first byte and length), one after the other, zero to the full pairs.
    /// </summary>
    public static void Activations(
        ReadOnlySpan<sbyte> scratchpad, int source, int stride, int rows, (int First, int Length)[] runs, int pairs, Span<int> destination)
    {
        Span<short> wide = MemoryMarshal.Cast<int, short>(destination);
        for (int m = 0; m < rows; m++)
        {
            Span<short> row = wide.Slice(m * 2 * pairs, 2 * pairs);
            int at = 0;
            foreach ((int first, int length) in runs)
            {
                Widen(scratchpad.Slice(source + (m * stride) + first, length), row[at..]);
                at += length;
            }

            row[at..].Clear();
        }
    }

    /// <summary>Puts one tile into its column of panels: <c>weights[r][c]</c> at reduction index k + r, column + c.</summary>
    public static void Tile(ReadOnlySpan<sbyte> weights, int rows, int columns, int k, int column, int pairs, int panelColumns, Span<int> panels)
    {
        Span<short> wide = MemoryMarshal.Cast<int, short>(panels);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                wide[Place(k + r, column + c, pairs, panelColumns)] = weights[(r * columns) + c];
        }
    }

    /// <summary>Puts a strip of weights from the scratchpad into its columns of panels.</summary>
    public static void Dynamic(
        ReadOnlySpan<sbyte> scratchpad, DynamicWeights source, int length, int column, int pairs, int panelColumns, Span<int> panels)
    {
        Span<short> wide = MemoryMarshal.Cast<int, short>(panels);
        for (int c = 0; c < source.Columns; c++)
        {
            int at = Place(0, column + c, pairs, panelColumns);
            int step = 2 * panelColumns;
            ReadOnlySpan<sbyte> from = scratchpad[(source.Address + (source.ByColumns ? c * source.Stride : c))..];
            int fromStep = source.ByColumns ? 1 : source.Stride;
            unchecked
            {
                int k = 0;
                for (; k + 1 < length; k += 2, at += step)
                {
                    wide[at] = from[k * fromStep];
                    wide[at + 1] = from[(k + 1) * fromStep];
                }

                if (k < length) wide[at] = from[k * fromStep];
            }
        }
    }

    private static int Place(int k, int column, int pairs, int panelColumns)
    {
        (int panel, int inside) = Math.DivRem(column, panelColumns);
        return (2 * ((panel * pairs * panelColumns) + (k / 2 * panelColumns) + inside)) + (k & 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(ReadOnlySpan<sbyte> source, Span<short> destination)
    {
        int n = 0;
        for (; n + Vector128<sbyte>.Count <= source.Length; n += Vector128<sbyte>.Count)
        {
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Create(source[n..]));
            low.CopyTo(destination[n..]);
            high.CopyTo(destination[(n + Vector128<short>.Count)..]);
        }

        for (; n < source.Length; n++) destination[n] = source[n];
    }
}
