using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Emulator.Timing;
using Hil.Specification.Programs;

namespace Hil.Emulator.Tests;

/// <summary>What a unit is busy for the layers is all that it is busy for their instructions.</summary>
public sealed class BusyTimesOfLayersAddUp
{
    private const int Programs = 40;

    [Fact]
    public void To_the_busy_cycles_of_each_unit()
    {
        int several = 0;
        for (int seed = 0; seed < Programs; seed++)
        {
            GeneratedProgram generated = ProgramGenerator.Make(MachineGenerator.Make(seed), seed);
            int half = generated.Program.InstructionCount / 2;
            ProgramLayer first = generated.Program.Layers[0] with { FirstInstruction = 0, InstructionCount = half };
            ProgramLayer second = first with { FirstInstruction = half, InstructionCount = generated.Program.InstructionCount - half };
            TimingResult time = TimingPass.Run(generated.Machine, generated.Program with { Layers = [first, second] });
            foreach (Unit u in Units.Executing)
                Assert.Equal(time.Counters.Busy[(int)u], time.Layers.Sum(l => l.Busy[(int)u]));
            if (Units.Executing.Any(u => time.Layers.All(l => l.Busy[(int)u] > 0))) several++;
        }

        Assert.True(several > Programs / 2, "few programs whose layers share a unit");
    }

    [Fact]
    public void And_instructions_of_no_layer_and_layers_of_no_instruction_have_none()
    {
        GeneratedProgram generated = ProgramGenerator.Make(MachineGenerator.Make(1), 1);
        ProgramLayer all = generated.Program.Layers[0] with { FirstInstruction = 0, InstructionCount = generated.Program.InstructionCount };
        ProgramLayer none = all with { InstructionCount = 0 };
        TimingResult time = TimingPass.Run(generated.Machine, generated.Program with { Layers = [none, all] });
        Assert.Equal((0, time.Counters.Cycles), (time.Layers[0].Cycles, time.Layers[1].Cycles));
        Assert.Equal(0, time.Layers[0].Busy.Sum());
        time = TimingPass.Run(generated.Machine, generated.Program with { Layers = [none] });
        Assert.Equal(0, time.Layers[0].Busy.Sum());
        Assert.True(time.Counters.Busy.Sum() > 0);
    }
}
