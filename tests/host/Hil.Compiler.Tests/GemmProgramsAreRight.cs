using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Specification.Numerics;
using Hil.Specification.Timing;

namespace Hil.Compiler.Tests;

public sealed class GemmProgramsAreRight
{
    private const uint Poison = 7;

    public static TheoryData<string, int, int, int, double> Products()
    {
        var data = new TheoryData<string, int, int, int, double>();
        foreach (string machine in new[] { "small", "square", "wide" })
        {
            data.Add(machine, 1, 1, 1, 0);
            data.Add(machine, 33, 20, 9, 0);
            data.Add(machine, 70, 64, 24, 0);
            data.Add(machine, 41, 90, 37, 0.5);
            data.Add(machine, 12, 30, 40, 1.0);
        }

        // Operands larger than a bank: the first, the result, or both lie in several pieces, cut at unlike rows.
        data.Add("small", 500, 48, 7, 0);
        data.Add("square", 300, 48, 24, 0);
        data.Add("square", 300, 24, 48, 0);
        data.Add("wide", 300, 48, 24, 0);
        data.Add("wide", 380, 16, 40, 0);

        return data;
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void A_product_gives_the_integers_of_the_plain_sum(string machineName, int m, int k, int n, double sparsity)
    {
        Machine machine = TestMachines.All().Single(x => x.Name == machineName);
        ProgramImage program = GemmCompiler.Compile(m, k, n, machine, sparsity, 5).Program;
        GemmData data = GemmData.Random(machine, k, n, sparsity, 5);
        var random = new Random(3);
        var a = new sbyte[m * k];
        for (int i = 0; i < a.Length; i++) a[i] = (sbyte)random.Next(-128, 128);

        var state = new DeviceState(machine, Poison);
        DeviceTensors.Write(state, program.Inputs, "a", m, k, a);
        new Executor(state).Run(program);
        int[] c = DeviceTensors.Read(state, program.Outputs, "c", m, n);

        Instruction requantize = Enumerable.Range(0, program.InstructionCount).Select(i => program[i]).First(i => i.Opcode == Opcode.Requantize);
        int shift = (int)requantize[Requantize.Shift];
        var expected = new int[m * n];
        for (int r = 0; r < m; r++)
        {
            for (int j = 0; j < n; j++)
            {
                long sum = data.Bias[j];
                for (int i = 0; i < k; i++) sum += a[(r * k) + i] * data.Weights[(i * n) + j];
                expected[(r * n) + j] = (int)Math.Clamp(Rounding.RoundHalfEven(sum * 40000, shift), -127, 127);
            }
        }

        Assert.Equal(expected, c);

        // What comes out fills the range of int8 and is not cut off by it: a product of random integers tests all of its bits.
        if (k >= 20 && sparsity < 1) Assert.InRange(c.Average(x => Math.Abs(x)), 10, 80);
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void A_product_runs_to_its_end_and_its_layers_cover_it(string machineName, int m, int k, int n, double sparsity)
    {
        Machine machine = TestMachines.All().Single(x => x.Name == machineName);
        ProgramImage program = GemmCompiler.Compile(m, k, n, machine, sparsity, 5).Program;

        TimingResult result = Interpreter.Run(machine, program, i => FormRules.Check(i, machine));

        Assert.Equal(TrapReason.None, result.Trap.Reason);
        Assert.Equal(program.InstructionCount, program.Layers.Sum(l => l.InstructionCount));
        Assert.Equal((long)m * k * n, program.Layers.Sum(l => l.Macs + l.SkippedMacs));
    }

    [Fact]
    public void The_same_product_compiles_to_the_same_bytes()
    {
        Machine machine = TestMachines.Wide();
        ProgramImage one = GemmCompiler.Compile(50, 60, 70, machine, 0.3, 9).Program;
        ProgramImage two = GemmCompiler.Compile(50, 60, 70, machine, 0.3, 9).Program;

        Assert.True(one.Image.Span.SequenceEqual(two.Image.Span));
    }

    /// <summary>The planted fault: one instruction posts one token less, and one behind it awaits one less; nothing else changes.</summary>
    [Fact]
    public void A_dropped_token_is_neither_posted_nor_awaited()
    {
        Machine machine = TestMachines.Wide();
        ProgramImage good = GemmCompiler.Compile(33, 20, 9, machine, 0, 5).Program;
        ProgramImage bad = GemmCompiler.Compile(33, 20, 9, machine, 0, 5, new CompilerOptions(PlantedFault.DroppedToken)).Program;

        int[] changed = [.. Enumerable.Range(0, good.InstructionCount).Where(i => good[i].Word != bad[i].Word)];

        Assert.Equal(2, changed.Length);
        (Instruction posts, Instruction posted, Instruction waits, Instruction waited) = (good[changed[0]], bad[changed[0]], good[changed[1]], bad[changed[1]]);
        Assert.Equal((posts.Wait, waits.Post), (posted.Wait, waited.Post));
        Assert.Equal((1, 1), (Count(posts.Post) - Count(posted.Post), Count(waits.Wait) - Count(waited.Wait)));

        static int Count(UnitSet units) => System.Numerics.BitOperations.PopCount((uint)units);
    }
}
