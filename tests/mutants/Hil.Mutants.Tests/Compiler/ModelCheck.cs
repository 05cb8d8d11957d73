using Hil.Compiler;
using Hil.Compiler.Tests;
using Hil.Compression.Tests;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Models.Quantized;
using Hil.Specification.Numerics;

namespace Hil.Mutants.Tests.Compiler;

/// <summary>A small transformer, compiled and run by the specification, against its graph in plain integers.</summary>
internal static class ModelCheck
{
    private const uint Poison = 7;

    public static string? Report(CompilerOptions options)
    {
        QuantizedGraph graph = SmallTransformer.Make(11);
        Assert.Null(QuantizedGraphChecks.FirstError(graph));
        float[] input = SmallTransformer.Input(12);
        Dictionary<string, int[]> expected = new IntegerExecutor(graph).Run(input);
        foreach (Machine machine in TestMachines.All())
        {
            ProgramImage program = ModelCompiler.Compile(graph, machine, options).Program;
            var state = new DeviceState(machine, Poison);
            Write(state, program.Inputs, expected[graph.Input]);
            try
            {
                new Executor(state).Run(program);
            }
            catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException)
            {
                return $"tensor {graph.Output} on {machine.Name}: the program leaves its memories: {e.Message}";
            }

            int columns = graph.Tensors[graph.Output].Columns;
            int[] output = DeviceTensors.Read(state, program.Outputs, program.Outputs[0].Name.Split('[')[0], graph.Tensors[graph.Output].Rows, columns);
            int at = output.AsSpan().CommonPrefixLength(expected[graph.Output]);
            if (at < output.Length)
            {
                return $"tensor {graph.Output} on {machine.Name}: row {at / columns}, column {at % columns}: expected {expected[graph.Output][at]}, got {output[at]}";
            }
        }

        return null;
    }

    /// <summary>Both planes of the wide input.</summary>
    private static void Write(DeviceState state, IReadOnlyList<TensorPlace> places, int[] values)
    {
        int next = 0;
        foreach (TensorPlace place in places)
        {
            Assert.Equal(ElementType.Wide15, place.Type);
            for (int row = 0; row < place.Rows; row++)
            {
                for (int column = 0; column < place.Columns; column++)
                {
                    (sbyte high, sbyte low) = QEncoding.Split(values[next++]);
                    long offset = ((long)row * place.StrideBytes) + column;
                    state.Write8(place.Address + offset, high);
                    state.Write8(place.SecondAddress + offset, low);
                }
            }
        }

        Assert.Equal(values.Length, next);
    }
}
