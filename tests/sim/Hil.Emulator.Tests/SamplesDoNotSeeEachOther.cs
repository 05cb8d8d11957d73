using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator.Functional;
using Hil.Specification.Programs;

namespace Hil.Emulator.Tests;

/// <summary>A sample that runs after others, in the memories that they used, begins as a first one does.</summary>
public sealed class SamplesDoNotSeeEachOther
{
    [Fact]
    public void Of_random_programs()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            GeneratedProgram generated = ProgramGenerator.Make(MachineGenerator.Make(seed), seed);
            ReadOnlyMemory<byte>[] inputs = [.. generated.HostWrites.Select(w => (ReadOnlyMemory<byte>)w.Bytes)];
            var engine = new EmulatorEngine(generated.Machine, generated.Program, new EmulatorOptions { PoisonSeed = generated.PoisonSeed, Fuse = seed % 2 == 0 });
            DeviceState first = engine.Run(inputs, new RunRequest(KeepState: true)).FinalState!;
            engine.Run([.. inputs.Select(i => (ReadOnlyMemory<byte>)i.ToArray().Select(b => unchecked((byte)(b + 77))).ToArray())]);
            DeviceState after = engine.Run(inputs, new RunRequest(KeepState: true)).FinalState!;

            JoinedProducts.AssertSame($"{generated}", first, after);
            for (int s = 0; s < first.Slots.Length; s++)
            {
                Assert.Equal(first.Slots[s].Indices, after.Slots[s].Indices);
                Assert.Equal(first.Slots[s].Weights, after.Slots[s].Weights);
            }
        }
    }

    /// <summary>Nothing of what a program writes is left: not in the memories, not in the slots, not in main memory.</summary>
    [Fact]
    public void When_the_memories_are_reset()
    {
        Machine machine = MachineGenerator.Make(3);
        GeneratedProgram generated = Enumerable.Range(0, 500).Select(seed => ProgramGenerator.Make(machine, seed))
            .First(g => g.Instructions.Any(i => i.Opcode == Opcode.LoadWeights) && g.Instructions.Any(i => i.Opcode == Opcode.Compute));
        var engine = new EmulatorEngine(machine, generated.Program, new EmulatorOptions { Fuse = false });
        DeviceState used = JoinedProducts.Run(engine, generated);
        Assert.Contains(used.Slots, s => s.Weights.Any(w => w != 0));
        used.Main.Write(TestMachines.DataBase, [1, 2, 3]);

        used.Reset();

        var fresh = new DeviceState(machine, generated.Program, EmulatorOptions.Default, new InitialMemories(machine, EmulatorOptions.Default.PoisonSeed));
        JoinedProducts.AssertSame("reset", fresh, used);
        Assert.All(used.Slots, s => Assert.True(Array.TrueForAll(s.Indices, i => i == 0) && Array.TrueForAll(s.Weights, w => w == 0)));
        Assert.Empty(used.Main.WrittenPages);
    }
}
