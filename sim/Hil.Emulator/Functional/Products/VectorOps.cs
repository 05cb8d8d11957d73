using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hil.Emulator.Functional.Products;

/// <summary>The few vector operations that the product kernel needs; V holds int32, also seen as pairs of int16.</summary>
internal interface IVectorOps<V>
    where V : struct
{
    static abstract SimdLevel Level { get; }

    static abstract int Lanes { get; }

    static abstract V Zero { get; }

    static abstract V Load(ref int source);

    static abstract void Store(V value, ref int destination);

    static abstract V Broadcast(int value);

    static abstract V Add(V a, V b);

    /// <summary>sum + a.lo*b.lo + a.hi*b.hi of each pair.</summary>
    static abstract V MultiplyAdd(V sum, V a, V b);
}

internal readonly struct ScalarOps : IVectorOps<int>
{
    public static SimdLevel Level => SimdLevel.Scalar;

    public static int Lanes => 1;

    public static int Zero => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Load(ref int source) => source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(int value, ref int destination) => destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Broadcast(int value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(int a, int b) => unchecked(a + b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MultiplyAdd(int sum, int a, int b) =>
        unchecked(sum + ((short)a * (short)b) + ((a >> 16) * (b >> 16)));
}

internal readonly struct Vector128Ops : IVectorOps<Vector128<int>>
{
    public static SimdLevel Level => SimdLevel.Vector128;

    public static int Lanes => Vector128<int>.Count;

    public static Vector128<int> Zero => Vector128<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(ref int source) => Vector128.LoadUnsafe(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> value, ref int destination) => value.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(int value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<int> sum, Vector128<int> a, Vector128<int> b)
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            Vector128<int> low = AdvSimd.MultiplyWideningLower(a.AsInt16().GetLower(), b.AsInt16().GetLower());
            Vector128<int> high = AdvSimd.MultiplyWideningUpper(a.AsInt16(), b.AsInt16());
            return sum + AdvSimd.Arm64.AddPairwise(low, high);
        }

        Vector128<int> even = ((a << 16) >> 16) * ((b << 16) >> 16);
        return sum + even + ((a >> 16) * (b >> 16));
    }
}

internal readonly struct Avx2Ops : IVectorOps<Vector256<int>>
{
    public static SimdLevel Level => SimdLevel.Avx2;

    public static int Lanes => Vector256<int>.Count;

    public static Vector256<int> Zero => Vector256<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(ref int source) => Vector256.LoadUnsafe(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> value, ref int destination) => value.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sum, Vector256<int> a, Vector256<int> b) =>
        sum + Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}

internal readonly struct Avx512Ops : IVectorOps<Vector512<int>>
{
    public static SimdLevel Level => SimdLevel.Avx512;

    public static int Lanes => Vector512<int>.Count;

    public static Vector512<int> Zero => Vector512<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(ref int source) => Vector512.LoadUnsafe(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> value, ref int destination) => value.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> a, Vector512<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sum, Vector512<int> a, Vector512<int> b) =>
        sum + Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}
