using Hil.Contract.Isa;
using Hil.Contract.Records;
using Hil.Contract.Registers;

namespace Hil.Contract.Tests.Registers;

public sealed class RegisterMapIsComplete
{
    [Fact]
    public void Registers_have_names_and_places_of_their_own()
    {
        Assert.Equal(RegisterMap.All.Count, RegisterMap.All.Select(r => r.Name).Distinct().Count());
        Assert.All(RegisterMap.All, r => Assert.Equal(0, r.Offset % 4));
        Assert.All(RegisterMap.All.Zip(RegisterMap.All.Skip(1)), p => Assert.True(p.First.End <= p.Second.Offset, $"{p.First.Name}, {p.Second.Name}"));
        Assert.All(RegisterMap.All, r => Assert.NotEmpty(r.Meaning));
        Assert.True(RegisterMap.All[^1].End <= 0x1000, "offsets have 12 bits in the package");
    }

    [Fact]
    public void Every_counter_of_the_record_has_a_register_pair_in_its_order()
    {
        for (int i = 0; i < RegisterMap.CounterNames.Count; i++)
        {
            Register register = RegisterMap.All.Single(r => r.Offset == RegisterMap.CounterBase + (8 * i));
            Assert.StartsWith(RegisterMap.CounterNames[i], register.Meaning, StringComparison.Ordinal);
            Assert.Equal(2, register.Words);
        }

        Assert.Equal("COUNTER_STALL_COMPUTE_LOAD", RegisterMap.All.Single(r => r.Meaning.StartsWith("stall.Compute.Load,", StringComparison.Ordinal)).Name);
    }

    [Fact]
    public void The_record_of_counters_names_all_that_it_holds()
    {
        // Distinct values everywhere, so that one that is not named is missed.
        long next = 1;
        long[] Units(int count) => [.. Enumerable.Range(0, count).Select(_ => next++)];
        var counters = new Counters(
            next++, Units(4), Units(4), Units(4), Units(16), Units(4), next++, next++, Units(4), next++, next++, Units(4), next++, next++, next++,
            next++, next++);
        long[] named = [.. counters.Named().Select(c => c.Value)];
        IEnumerable<long> ownUnit = Enumerable.Range(0, 4).Select(u => counters.Stall[(u * 4) + u]);

        Assert.Equal(Enumerable.Range(1, (int)next - 1).Select(i => (long)i).Except(ownUnit), named.Order());
        Assert.Equal(RegisterMap.CounterNames, counters.Named().Select(c => c.Name));
    }

    [Fact]
    public void Basic_machines_have_the_cycles_and_busy_of_every_unit() =>
        Assert.Equal(["cycles", .. Units.Executing.Select(u => $"busy.{u}")], RegisterMap.BasicCounterNames);

    [Fact]
    public void A_register_that_is_not_there_is_not_found() =>
        Assert.Throws<ArgumentException>(() => RegisterMap.Named("NOWHERE"));
}
