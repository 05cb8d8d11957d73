using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hil.Emulator.Functional.Products;

/// <summary>
/// Rows of activations times one panel of weights. Both are int16 pairs along the reduction: activations row by row,
/// the panel pair by pair, <see cref="PanelColumns"/> columns each. Sums are int32 and wrap.
/// </summary>
internal abstract class ProductKernel
{
    /// <summary>What it computes with.</summary>
    public abstract SimdLevel Level { get; }

    public abstract int PanelColumns { get; }

    public static ProductKernel For(SimdLevel level) => level switch
    {
        SimdLevel.Avx512 => new ProductKernel<Avx512Ops, System.Runtime.Intrinsics.Vector512<int>>(),
        SimdLevel.Avx2 => new ProductKernel<Avx2Ops, System.Runtime.Intrinsics.Vector256<int>>(),
        SimdLevel.Vector128 => new ProductKernel<Vector128Ops, System.Runtime.Intrinsics.Vector128<int>>(),
        _ => new ProductKernel<ScalarOps, int>(),
    };

    /// <summary>sums[m][c] (+)= Σ a[m][k] * w[k][c].</summary>
    /// <param name="activations">rows * pairs.</param>
    /// <param name="panel">pairs * PanelColumns.</param>
    /// <param name="sums">rows * PanelColumns.</param>
    public abstract void Multiply(
        ReadOnlySpan<int> activations, ReadOnlySpan<int> panel, Span<int> sums, int rows, int pairs, bool accumulate);
}

/// <summary>
/// Six rows by two vectors at a time: twelve sums, two weights and one activation fit sixteen registers. Compiled with full
/// optimization at once: short runs never reach the tier that would do it.
/// </summary>
internal sealed class ProductKernel<TOps, V> : ProductKernel
    where TOps : struct, IVectorOps<V>
    where V : struct
{
    private const int RowBlock = 6;

    public override SimdLevel Level => TOps.Level;

    public override int PanelColumns => 2 * TOps.Lanes;

    public override void Multiply(
        ReadOnlySpan<int> activations, ReadOnlySpan<int> panel, Span<int> sums, int rows, int pairs, bool accumulate)
    {
        int columns = PanelColumns;
        if (activations.Length < rows * pairs || panel.Length < pairs * columns || sums.Length < rows * columns)
            throw new ArgumentException("The operands are shorter than the product.", nameof(activations));
        ref int a = ref Unsafe.AsRef(in MemoryMarshal.GetReference(activations));
        ref int w = ref Unsafe.AsRef(in MemoryMarshal.GetReference(panel));
        ref int c = ref MemoryMarshal.GetReference(sums);
        int m = 0;
        for (; m + RowBlock <= rows; m += RowBlock)
            Six(ref Unsafe.Add(ref a, m * pairs), ref w, ref Unsafe.Add(ref c, m * columns), pairs, accumulate);
        for (; m < rows; m++)
            One(ref Unsafe.Add(ref a, m * pairs), ref w, ref Unsafe.Add(ref c, m * columns), pairs, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(ref int a, ref int w, ref int c, int pairs, bool accumulate)
    {
        V s00 = TOps.Zero, s01 = TOps.Zero, s10 = TOps.Zero, s11 = TOps.Zero, s20 = TOps.Zero, s21 = TOps.Zero;
        V s30 = TOps.Zero, s31 = TOps.Zero, s40 = TOps.Zero, s41 = TOps.Zero, s50 = TOps.Zero, s51 = TOps.Zero;
        nint n = pairs;
        nint n2 = 2 * n, n3 = 3 * n, n4 = 4 * n, n5 = 5 * n;
        nint lanes = TOps.Lanes;
        nint twice = 2 * lanes;
        for (nint k = 0; k < n; k = unchecked(k + 1))
        {
            V w0 = TOps.Load(ref w);
            V w1 = TOps.Load(ref Unsafe.Add(ref w, lanes));
            w = ref Unsafe.Add(ref w, twice);
            V x = TOps.Broadcast(a);
            s00 = TOps.MultiplyAdd(s00, x, w0);
            s01 = TOps.MultiplyAdd(s01, x, w1);
            x = TOps.Broadcast(Unsafe.Add(ref a, n));
            s10 = TOps.MultiplyAdd(s10, x, w0);
            s11 = TOps.MultiplyAdd(s11, x, w1);
            x = TOps.Broadcast(Unsafe.Add(ref a, n2));
            s20 = TOps.MultiplyAdd(s20, x, w0);
            s21 = TOps.MultiplyAdd(s21, x, w1);
            x = TOps.Broadcast(Unsafe.Add(ref a, n3));
            s30 = TOps.MultiplyAdd(s30, x, w0);
            s31 = TOps.MultiplyAdd(s31, x, w1);
            x = TOps.Broadcast(Unsafe.Add(ref a, n4));
            s40 = TOps.MultiplyAdd(s40, x, w0);
            s41 = TOps.MultiplyAdd(s41, x, w1);
            x = TOps.Broadcast(Unsafe.Add(ref a, n5));
            s50 = TOps.MultiplyAdd(s50, x, w0);
            s51 = TOps.MultiplyAdd(s51, x, w1);
            a = ref Unsafe.Add(ref a, 1);
        }

        Put(s00, s01, ref c, 0, accumulate);
        Put(s10, s11, ref c, 1, accumulate);
        Put(s20, s21, ref c, 2, accumulate);
        Put(s30, s31, ref c, 3, accumulate);
        Put(s40, s41, ref c, 4, accumulate);
        Put(s50, s51, ref c, 5, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(ref int a, ref int w, ref int c, int pairs, bool accumulate)
    {
        V s0 = TOps.Zero, s1 = TOps.Zero;
        nint lanes = TOps.Lanes;
        nint twice = 2 * lanes;
        for (nint k = 0; k < pairs; k = unchecked(k + 1))
        {
            V x = TOps.Broadcast(a);
            s0 = TOps.MultiplyAdd(s0, x, TOps.Load(ref w));
            s1 = TOps.MultiplyAdd(s1, x, TOps.Load(ref Unsafe.Add(ref w, lanes)));
            a = ref Unsafe.Add(ref a, 1);
            w = ref Unsafe.Add(ref w, twice);
        }

        Put(s0, s1, ref c, 0, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V low, V high, ref int c, nint row, bool accumulate)
    {
        ref int at = ref Unsafe.Add(ref c, row * 2 * TOps.Lanes);
        ref int next = ref Unsafe.Add(ref at, TOps.Lanes);
        TOps.Store(accumulate ? TOps.Add(low, TOps.Load(ref at)) : low, ref at);
        TOps.Store(accumulate ? TOps.Add(high, TOps.Load(ref next)) : high, ref next);
    }
}
