using Hil.Contract.Numerics;
using Hil.Specification.Numerics;

namespace Hil.Specification.Tests.Numerics;

public sealed class TablesFollowTheirFormulas
{
    [Fact]
    public void The_exponential_table_is_the_rounded_real_function()
    {
        for (int i = 0; i < Tables.ExponentialEntries; i++)
        {
            double real = 127 * Math.Pow(2, 8 - (i / 256.0));
            Assert.InRange(Tables.Exponential[i] - real, -0.5, 0.5);
            Assert.True(Tables.Exponential[i] < 1 << 15);
        }
    }

    [Fact]
    public void The_seed_table_is_the_rounded_real_function()
    {
        for (int i = 0; i < Tables.SeedEntries; i++)
        {
            double real = (1 << 15) * ((1 / Math.Sqrt(512 * (i + 32))) + (1 / Math.Sqrt((512 * (i + 33)) - 1)));
            Assert.InRange(Tables.ReciprocalRootSeed[i] - real, -0.5, 0.5);
            Assert.True(Tables.ReciprocalRootSeed[i] < 1 << 9);
        }
    }

    [Fact]
    public void The_contract_publishes_the_same_tables()
    {
        Assert.Equal(Tables.Exponential, ConstantTables.Exponentials.Select(x => (int)x));
        Assert.Equal(Tables.ReciprocalRootSeed, ConstantTables.ReciprocalRootSeeds.Select(x => (int)x));
    }
}
