using Hil.Emulator.Functional;
using Xunit.Abstractions;

namespace Hil.Specification.Tests.Emulator;

/// <summary>At least 10 000 random legal programs over the four machines and random small ones.</summary>
public sealed class EmulatorEqualsSpecification(ITestOutputHelper output)
{
    private const int MostPrinted = 10;

    /// <summary>Products that each level must at least have computed, so that the equality says something about it.</summary>
    private const int LeastProducts = 1000;

    [Fact]
    public void Every_memory_is_equal_to_the_bit() => AssertNone(RandomSuite.Instance.MemoryDivergences);

    [Fact]
    public void Every_vector_level_computed_the_products_itself()
    {
        IReadOnlyDictionary<(SimdLevel Level, SimdLevel Ran), int> products = RandomSuite.Instance.Products;
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>())
        {
            output.WriteLine(SimdLevels.IsSupported(level)
                ? $"{level}: {products.GetValueOrDefault((level, level))} products"
                : $"{level}: not run, this processor does not have it");
        }

        Assert.All(products.Keys, p => Assert.Equal(p.Level, p.Ran));
        Assert.All(Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported), l => Assert.True(products.GetValueOrDefault((l, l)) >= LeastProducts));
    }

    [Fact]
    public void Every_counter_retirement_and_layer_is_equal_to_the_cycle() => AssertNone(RandomSuite.Instance.TimeDivergences);

    [Fact]
    public void Every_reachable_bin_is_covered()
    {
        output.WriteLine(RandomSuite.Instance.Coverage.Print());
        Assert.True(RandomSuite.Instance.Coverage.Programs >= 10_000);
        AssertNone(RandomSuite.Instance.Coverage.Faults());
    }

    private static void AssertNone(IReadOnlyCollection<string> faults) =>
        Assert.True(faults.Count == 0, $"{faults.Count}:\n{string.Join('\n', faults.Take(MostPrinted))}");
}
