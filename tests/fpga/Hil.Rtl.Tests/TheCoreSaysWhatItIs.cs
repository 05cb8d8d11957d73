using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Registers;
using Hil.Devices;

namespace Hil.Rtl.Tests;

/// <summary>The identity registers of a core, read back from what was elaborated, are those of the machine it was built for (docs/registers.md).</summary>
public sealed class TheCoreSaysWhatItIs
{
    /// <summary>With all counters and with the basic ones, whose memory holds the identity too.</summary>
    public static TheoryData<string> Machines() => ["icebreaker", "ulx3s-85f", "arty-a7-100t"];

    [SkippableTheory]
    [MemberData(nameof(Machines))]
    public void By_every_byte(string name)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        Machine machine = MachineFile.Bundled(name);
        using var rtl = new RtlSimulation(machine);
        Assert.Equal(IdentityRegisters.Of(machine), rtl.ReadIdentity());
        rtl.Reset();
        Assert.Equal(IdentityRegisters.Of(machine), rtl.ReadIdentity());
    }

    [Fact]
    public void And_what_differs_is_named()
    {
        Machine machine = MachineFile.Bundled("icebreaker");
        Machine other = machine with { Array = machine.Array with { Columns = 4 }, Vector = machine.Vector with { NormCycles = 30 } };
        IReadOnlyList<string> differences = IdentityRegisters.Differences(IdentityRegisters.Of(machine), IdentityRegisters.Of(other));
        Assert.Equal(3, differences.Count);
        Assert.StartsWith("MACHINE_HASH is ", differences[0], StringComparison.Ordinal);
        Assert.Equal(["SHAPE.columns is 2, not 4", "VECTOR.normCycles is 173, not 30"], differences.Skip(1));
        Assert.Empty(IdentityRegisters.Differences(IdentityRegisters.Of(machine), IdentityRegisters.Of(machine)));
    }

    /// <summary>Bytes by the documents alone: the letters, a field across bytes, an offset without a register.</summary>
    [Fact]
    public void Its_bytes_lie_where_the_map_says()
    {
        byte[] bytes = IdentityRegisters.Of(MachineFile.Bundled("icebreaker"));
        Assert.Equal("HILC"u8.ToArray(), bytes[..4]);
        Assert.Equal(Identity.ContractHash, Convert.ToHexStringLower(bytes[0x10..0x30]));
        Assert.Equal([4, 2, 1, 4], bytes[0x50..0x54]);
        Assert.Equal([0, 1, 64, 0], bytes[0x58..0x5C]);
        Assert.All(bytes[0x70..], b => Assert.Equal(0, b));
    }
}
