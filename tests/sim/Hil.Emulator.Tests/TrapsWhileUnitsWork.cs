using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator.Timing;
using Hil.Specification.Forms;
using Hil.Specification.Timing;

namespace Hil.Emulator.Tests;

/// <summary>What the dispatcher does beside units that are busy for long: the interpreter of docs/timing.md is the judge.</summary>
public sealed class TrapsWhileUnitsWork
{
    private static readonly Instruction Stop = Code.Of(End.Definition);

    /// <summary>Thousands of cycles of the vector unit.</summary>
    private static readonly Instruction Long = Code.Of(Map.Definition, (Map.Rows, 60), (Map.Columns, 60));

    private static TrapRecord Same(Machine machine, params Instruction[] code)
    {
        ProgramImage program = TestMachines.Program(code);
        var expected = Interpreter.Run(machine, program, i => LegalForm.Check(i, machine));
        var time = TimingPass.Run(machine, program);
        Assert.Equal(expected.Trap, time.Trap);
        Assert.Equal(expected.Counters.Named(), time.Counters.Named());
        Assert.Equal(expected.Retirements, time.Trace);
        return time.Trap;
    }

    [Fact]
    public void An_illegal_instruction_waits_for_its_units_queue()
    {
        Instruction illegal = Code.Of(Map.Definition, (Map.Rows, 0), (Map.Columns, 60));
        Assert.Equal(3, Same(TestMachines.WorkedExample, Long, Long, Long, illegal, Stop).InstructionIndex);
    }

    [Fact]
    public void The_first_trap_stays_where_an_instruction_in_flight_overflows_a_counter()
    {
        Instruction post = Code.Of(Compute.Definition, (Compute.Rows, 1)).WithTokens(UnitSet.None, UnitSet.Store);
        Instruction last = Code.Of(Compute.Definition, (Compute.Rows, 120)).WithTokens(UnitSet.None, UnitSet.Store);
        TrapRecord trap = Same(TestMachines.WorkedExample, [.. Enumerable.Repeat(post, 15), last, new Instruction((UInt128)63), Stop]);
        Assert.Equal(new TrapRecord(TrapReason.IllegalOpcode, 16), trap);
    }

    [Fact]
    public void Dispatching_for_long_beside_a_busy_unit_is_no_deadlock()
    {
        Machine machine = TestMachines.WorkedExample with { Issue = new IssueShape(QueueDepth: 4, FetchInstructions: 4, DispatchCycles: 30, DeadlockCycles: 64) };
        Instruction quick = Code.Of(Compute.Definition, (Compute.Rows, 1));
        Assert.Equal(TrapReason.None, Same(machine, [Long, .. Enumerable.Repeat(quick, 8), Stop]).Reason);
    }
}
