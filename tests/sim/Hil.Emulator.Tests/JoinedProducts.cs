using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Emulator.Functional;
using Hil.Specification.Programs;

namespace Hil.Emulator.Tests;

/// <summary>Strips joined to products, on all vector levels, leave the memories that instruction by instruction leaves.</summary>
public sealed class JoinedProducts
{
    public static TheoryData<SimdLevel, int> Cases()
    {
        var data = new TheoryData<SimdLevel, int>();
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>().Where(SimdLevels.IsSupported))
        {
            for (int block = 0; block < 16; block++) data.Add(level, block);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Leave_the_same_memories_on_random_programs(SimdLevel level, int block)
    {
        const int Programs = 25;
        int products = 0;
        for (int seed = block * Programs; seed < (block + 1) * Programs; seed++)
        {
            GeneratedProgram generated = ProgramGenerator.Make(MachineGenerator.Make(seed / 4), seed);
            var joined = new EmulatorEngine(
                generated.Machine, generated.Program, new EmulatorOptions { Simd = level, PoisonSeed = generated.PoisonSeed });
            var alone = new EmulatorEngine(
                generated.Machine, generated.Program, new EmulatorOptions { Fuse = false, PoisonSeed = generated.PoisonSeed });
            products += joined.Products;
            AssertSame(generated.ToString(), Run(alone, generated), Run(joined, generated));
        }

        Assert.True(products > Programs / 2);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Leave_the_same_memories_where_many_strips_are_pipelined(SimdLevel level, int block)
    {
        const int Programs = 10;
        for (int seed = block * Programs; seed < (block + 1) * Programs; seed++)
        {
            (Machine machine, ProgramImage program) = StripPrograms.Make(seed);
            var joined = new EmulatorEngine(machine, program, new EmulatorOptions { Simd = level });
            var alone = new EmulatorEngine(machine, program, new EmulatorOptions { Fuse = false });
            Assert.Equal(Hil.Contract.Isa.TrapReason.None, joined.Timing.Trap.Reason);
            var keep = new RunRequest(KeepState: true);
            AssertSame($"seed {seed}", alone.Run([], keep).FinalState!, joined.Run([], keep).FinalState!);
        }
    }

    [Fact]
    public void Leave_the_same_memories_on_many_threads_at_once()
    {
        (Machine machine, ProgramImage program) = StripPrograms.Make(5);
        var engine = new EmulatorEngine(machine, program);
        byte[] expected = engine.Run([]).Outputs[0];
        byte[][] outputs = new byte[64][];
        Parallel.For(0, outputs.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, n => outputs[n] = engine.Run([]).Outputs[0]);
        Assert.All(outputs, o => Assert.Equal(expected, o));
    }

    [Fact]
    public void Are_few_for_a_product_of_many_strips()
    {
        (Machine machine, ProgramImage program) = StripPrograms.Make(0);
        int computes = Enumerable.Range(0, program.InstructionCount).Count(i => program[i].Opcode == Hil.Contract.Isa.Opcode.Compute);
        Assert.InRange(new EmulatorEngine(machine, program).Products, 1, computes / 2);
    }

    internal static DeviceState Run(EmulatorEngine engine, GeneratedProgram generated) =>
        engine.Run(
            generated.HostWrites.Select(w => (ReadOnlyMemory<byte>)w.Bytes).ToArray(), new RunRequest(KeepState: true)).FinalState!;

    internal static void AssertSame(string what, DeviceState expected, DeviceState actual)
    {
        Assert.True(expected.Scratchpad.AsSpan().SequenceEqual(actual.Scratchpad), $"{what}: scratchpad");
        Assert.True(expected.Parameters.AsSpan().SequenceEqual(actual.Parameters), $"{what}: parameters");
        Assert.True(expected.Tables.AsSpan().SequenceEqual(actual.Tables), $"{what}: tables");
        Assert.True(expected.RowScales.AsSpan().SequenceEqual(actual.RowScales), $"{what}: row scales");
        for (int h = 0; h < 2; h++)
            Assert.True(expected.Halves[h].AsSpan().SequenceEqual(actual.Halves[h]), $"{what}: accumulator half {h}");
        Assert.Equal(expected.Main.WrittenPages.Keys, actual.Main.WrittenPages.Keys);
        foreach ((long address, byte[] page) in expected.Main.WrittenPages)
            Assert.True(page.AsSpan().SequenceEqual(actual.Main.WrittenPages[address]), $"{what}: page 0x{address:X}");
    }
}
