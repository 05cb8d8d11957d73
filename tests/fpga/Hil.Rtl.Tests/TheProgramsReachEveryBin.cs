using Hil.Contract.Machines;
using Hil.Emulator;
using Hil.Emulator.Timing;
using Hil.Specification.Coverage;
using Hil.Specification.Programs;
using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>
/// What the programs of <see cref="TheRtlDoesWhatTheSpecificationSays"/> are like: opcode × flags × edge shape, and each wait by unit and reason. Printed always;
/// in the long version a bin that none of them reaches fails, unless it is listed with the reason why nothing can.
/// </summary>
public sealed class TheProgramsReachEveryBin(ITestOutputHelper output)
{
    [Fact]
    public void Of_opcode_flags_shape_and_wait()
    {
        var coverage = new CoverageMap();
        foreach (string name in TestMachines.OfRandomPrograms)
        {
            Machine machine = TestMachines.Named(name);
            for (int seed = TheRtlDoesWhatTheSpecificationSays.FirstSeed; seed < TheRtlDoesWhatTheSpecificationSays.EndSeed; seed++)
            {
                GeneratedProgram program = ProgramGenerator.Make(machine, seed, GeneratorOptions.Default);
                coverage.Add(program, TimingPass.Run(machine, program.Program, EmulatorOptions.Default).Counters);
            }
        }

        output.WriteLine(coverage.Print());
        IReadOnlyList<string> faults = coverage.Faults();
        foreach (string fault in faults) output.WriteLine(fault);
        Assert.All(faults, fault => Assert.StartsWith("empty", fault, StringComparison.Ordinal));
        if (Share.IsFull) Assert.Empty(faults);
    }
}
