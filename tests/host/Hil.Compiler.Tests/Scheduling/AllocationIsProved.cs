using Hil.Compiler.Memory;
using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Compiler.Tests.Scheduling;

/// <summary>The proof of an allocation finds what an allocator must not do, in whatever order the program came out, and nothing else.</summary>
public sealed class AllocationIsProved
{
    private static readonly Machine Machine = TestMachines.Wide();

    [Fact]
    public void Regions_whose_lives_follow_one_another_share_bytes()
    {
        Region first = At("first", 0, 64);
        Region second = At("second", 32, 64);

        AllocationProof.Check(new Plan(Machine), [Touch(first), Touch(first), Touch(second), Touch(second)]);
    }

    [Fact]
    public void Regions_side_by_side_live_together()
    {
        Region first = At("first", 0, 64);
        Region second = At("second", 64, 64);

        AllocationProof.Check(new Plan(Machine), [Touch(first), Touch(second), Touch(first), Touch(second)]);
    }

    [Fact]
    public void Regions_that_live_together_share_no_byte()
    {
        Region first = At("first", 0, 64);
        Region second = At("second", 63, 1);
        Region between = At("between", 16, 16);

        Assert.Equal("The regions first and second share bytes while both live.", Refused(Touch(first), Touch(second), Touch(first)));
        Assert.Equal("The regions first and second share bytes while both live.", Refused(Touch(second), Touch(first), Touch(second)));
        Assert.Equal("The regions first and second share bytes while both live.", Refused(Touch(between), Touch(first), Touch(second), Touch(first)));
    }

    /// <summary>What the host writes is there before the first operation, what it reads is there after the last.</summary>
    [Fact]
    public void The_host_lengthens_a_life()
    {
        Region given = At("given", 0, 64, hostWrites: true);
        Region read = At("read", 0, 64);
        Region other = At("other", 0, 64);
        read.HostReads = true;

        Assert.Equal("The regions other and given share bytes while both live.", Refused(Touch(other), Touch(given)));
        AllocationProof.Check(new Plan(Machine), [Touch(given), Touch(other)]);
        Assert.Equal("The regions read and other share bytes while both live.", Refused(Touch(read), Touch(other)));
        AllocationProof.Check(new Plan(Machine), [Touch(other), Touch(read)]);
    }

    [Fact]
    public void Operands_stay_in_their_region()
    {
        Region region = At("rows", 128, 64);

        AllocationProof.Check(new Plan(Machine), [Touch(region, 0, 64), Touch(region, 63, 1)]);
        Assert.Equal("LayerNorm leaves the region rows.", Refused(Touch(region, 1, 64)));
        Assert.Equal("LayerNorm leaves the region rows.", Refused(Touch(region, -1, 64)));
    }

    [Fact]
    public void Regions_stay_in_their_bank()
    {
        long bank = Machine.Scratchpad.BankBytes;
        Region last = At("last", bank - 64, 64);
        Region over = At("over", bank - 63, 64);
        Region other = At("other", bank, 64);

        AllocationProof.Check(new Plan(Machine), [Touch(last)]);
        Assert.Equal("The region over leaves its bank.", Refused(Touch(over)));
        Assert.Equal("The region other leaves its bank.", Refused(Touch(other)));
    }

    private static string Refused(params Operation[] program) =>
        Assert.Throws<InvalidOperationException>(() => AllocationProof.Check(new Plan(Machine), program)).Message;

    // In bank 0.
    private static Region At(string name, long address, int bytes, bool hostWrites = false) =>
        new(name, RegionRole.Hidden, 1, bytes) { Bank = 0, Address = address, HostWrites = hostWrites };

    private static Operation Touch(Region region) => Touch(region, 0, region.Bytes);

    private static Operation Touch(Region region, long offset, long bytes)
    {
        var op = new Operation(Contract.Programs.StepKind.LayerNorm, Unit.Vector, Instruction.Of(LayerNorm.Definition), 0);
        op.Operands.Add(new(LayerNorm.Source, region, offset, bytes, 1, 0, false));
        return op;
    }
}
