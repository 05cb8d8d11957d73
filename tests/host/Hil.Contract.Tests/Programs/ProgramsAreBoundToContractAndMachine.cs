using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Contract.Tests.Programs;

public sealed class ProgramsAreBoundToContractAndMachine
{
    [Fact]
    public void A_program_is_accepted_on_the_machine_it_was_made_for() =>
        Assert.Empty(ProgramIdentity.Differences(SamplePrograms.Product(), SamplePrograms.Icebreaker));

    [Fact]
    public void Another_machine_is_refused_key_by_key_with_the_command_that_mends_it()
    {
        Machine other = SamplePrograms.Icebreaker with { WeightTiles = 32, Vector = new VectorShape(2, 0, 0, 0, 8, 40, 24) };

        HilException e = Assert.Throws<HilException>(() => ProgramIdentity.Require(SamplePrograms.Product(), other, "p.hilp"));

        Assert.Equal(ExitKind.IdentityMismatch, e.Kind);
        Assert.Contains("machine.weightTiles: the program has 64, this machine 32", e.What, StringComparison.Ordinal);
        Assert.Contains("machine.vector.lanes: the program has 1, this machine 2", e.What, StringComparison.Ordinal);
        Assert.DoesNotContain("machine.array", e.What, StringComparison.Ordinal);
        Assert.Contains("hil compile", e.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_contract_is_refused()
    {
        ProgramImage program = SamplePrograms.Product() with { ContractHash = new string('0', 64) };

        HilException e = Assert.Throws<HilException>(() => ProgramIdentity.Require(program, SamplePrograms.Icebreaker, "p.hilp"));

        Assert.Contains("contract: the program has 000000000000", e.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_carries_no_readable_machine_is_still_refused_by_its_hash()
    {
        ProgramImage bound = SamplePrograms.Product();
        Machine other = SamplePrograms.Icebreaker with { WeightTiles = 32 };
        ProgramImage bare = bound with { Metadata = new Dictionary<string, string>() };
        ProgramImage unreadable = bound with { Metadata = new Dictionary<string, string> { [ProgramFile.MachineKey] = "{" } };

        Assert.Single(ProgramIdentity.Differences(bare, other));
        Assert.Single(ProgramIdentity.Differences(unreadable, other));
        ProgramIdentity.Require(bare, SamplePrograms.Icebreaker, "p.hilp");
    }

    [Fact]
    public void A_machine_in_the_metadata_that_is_not_the_bound_one_is_not_believed()
    {
        ProgramImage program = SamplePrograms.Product();
        program = program with { MachineHash = new string('1', 64) };

        Assert.Single(ProgramIdentity.Differences(program, SamplePrograms.Icebreaker));
    }
}
