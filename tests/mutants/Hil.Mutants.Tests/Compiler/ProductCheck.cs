using Hil.Compiler;
using Hil.Compiler.Tests;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Specification.Numerics;

namespace Hil.Mutants.Tests.Compiler;

/// <summary>Compiled products, run by the specification, against the plain sum.</summary>
internal static class ProductCheck
{
    private const int Multiplier = 40000;
    private const uint Poison = 7;

    public static string? Report(CompilerOptions options)
    {
        foreach (Machine machine in TestMachines.All())
        {
            foreach ((int m, int k, int n) in new[] { (33, 20, 9), (41, 90, 37), (70, 64, 24) })
            {
                if (Report(machine, m, k, n, options) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private static string? Report(Machine machine, int m, int k, int n, CompilerOptions options)
    {
        ProgramImage program = GemmCompiler.Compile(m, k, n, machine, 0, 5, options).Program;
        var a = new sbyte[m * k];
        var random = new Random(3);
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = (sbyte)random.Next(-128, 128);
        }

        var state = new DeviceState(machine, Poison);
        DeviceTensors.Write(state, program.Inputs, "a", m, k, a);
        try
        {
            new Executor(state).Run(program);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException)
        {
            return $"product {program.Name} on {machine.Name} leaves its memories: {e.Message}";
        }

        int[] c = DeviceTensors.Read(state, program.Outputs, "c", m, n);
        Instruction requantize = Enumerable.Range(0, program.InstructionCount).Select(i => program[i]).First(i => i.Opcode == Opcode.Requantize);
        GemmData data = GemmData.Random(machine, k, n, 0, 5);
        for (int at = 0; at < c.Length; at++)
        {
            (int row, int column) = (at / n, at % n);
            long sum = data.Bias[column] + Enumerable.Range(0, k).Sum(i => (long)a[(row * k) + i] * data.Weights[(i * n) + column]);
            int expected = Rounding.Saturate8(Rounding.RoundHalfEven(sum * Multiplier, (int)requantize[Requantize.Shift]));
            if (c[at] != expected)
            {
                return $"product {program.Name} on {machine.Name}: row {row}, column {column}: expected {expected}, got {c[at]}";
            }
        }

        return null;
    }
}
