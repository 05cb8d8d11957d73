namespace Hil.Operators.Tests;

/// <summary>Random numbers of −1 … 1, the same in every run.</summary>
internal static class Numbers
{
    public static string Weights(TinyModel model, int seed, params long[] dims) =>
        model.Constant(Samples(100 + seed, (int)dims.Aggregate(1L, (a, b) => a * b)), dims);

    public static float[] Samples(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }
}
