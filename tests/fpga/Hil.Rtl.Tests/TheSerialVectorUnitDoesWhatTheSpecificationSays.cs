using System.Globalization;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Devices;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>The vector unit in microcode, on random programs with one vector instruction each: every byte, counter and timestamp.</summary>
public sealed class TheSerialVectorUnitDoesWhatTheSpecificationSays
{
    private static readonly Opcode[] Vector = [Opcode.Requantize, Opcode.Map, Opcode.Add, Opcode.Softmax, Opcode.LayerNorm];

    private static readonly int Programs =
        int.Parse(Environment.GetEnvironmentVariable("HIL_RTL_PROGRAMS") ?? "40", CultureInfo.InvariantCulture);

    [SkippableTheory]
    [InlineData(Opcode.Requantize)]
    [InlineData(Opcode.Map)]
    [InlineData(Opcode.Add)]
    [InlineData(Opcode.Softmax)]
    [InlineData(Opcode.LayerNorm)]
    public void On_random_programs_with(Opcode opcode)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        var options = new GeneratorOptions(Without: [.. Vector.Where(v => v != opcode)]);
        using var rtl = new RtlSimulation(TestMachines.Icebreaker, RtlModel.Assertions);
        for (int seed = 1; seed <= Programs; seed++)
        {
            GeneratedProgram program = ProgramGenerator.Make(rtl.Machine, seed, options);
            string differences = new ExpectedRun(program).Differences(rtl);
            Assert.True(differences.Length == 0, $"{program}:\n{differences}");
        }
    }
}
