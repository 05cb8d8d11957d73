using Hil.Compiler;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Verification;
using static Hil.Compiler.PlantedFault;

namespace Hil.Mutants.Tests.Compiler;

/// <summary>Faults of the compiler, found by the verifier, by the plain product, by the model in integers, or by the instructions that the nests describe.</summary>
internal static class CompilerMutants
{
    public static readonly Mutant[] All =
    [
        Of(WrongStride, ProductCheck.Report, "product"), Of(DroppedToken, VerifierReport, "Race"),
        Of(SwappedPlanes, ModelCheck.Report, "tensor"), Of(MissingTile, ProductCheck.Report, "product"),
        Of(WrongSlot, VerifierReport, "Tiles"), Of(WrongHalf, ProductCheck.Report, "product"),
        Of(OverlappingAllocation, ModelCheck.Report, "tensor"), Of(WrongParameters, ProductCheck.Report, "product"),
        Of(LostAccumulate, ProductCheck.Report, "product"), Of(LostResidual, ModelCheck.Report, "tensor"),
        Of(WrongHead, ModelCheck.Report, "tensor"), Of(WrongLength, ModelCheck.Report, "tensor"), Of(ShortNest, NestReport, "LoadWeights"),
    ];

    private static Mutant Of(PlantedFault fault, Func<CompilerOptions, string?> check, string names) =>
        new("Compiler", fault.ToString(), planted => check(new CompilerOptions(planted ? fault : PlantedFault.None)), names);

    private static string? VerifierReport(CompilerOptions options)
    {
        foreach (Machine machine in Hil.Compiler.Tests.TestMachines.All())
        {
            ProgramImage program = GemmCompiler.Compile(41, 90, 37, machine, 0, 5, options).Program;
            if (Contract.Verification.Verifier.Verify(program, machine) is { Count: > 0 } findings)
            {
                return string.Join("; ", findings);
            }
        }

        return null;
    }

    /// <summary>The steps of the nests, by kind, against the instructions of the program.</summary>
    private static string? NestReport(CompilerOptions options)
    {
        Machine machine = Hil.Compiler.Tests.TestMachines.Wide();
        ProgramImage program = GemmCompiler.Compile(70, 64, 200, machine, 0, 5, options).Program;
        Dictionary<string, long> steps = program.Nests
            .SelectMany(n => n.Stages)
            .SelectMany(stage => stage.Steps, (stage, step) => (Kind: $"{step.Kind}", stage.Count))
            .GroupBy(s => s.Kind)
            .ToDictionary(g => g.Key, g => g.Sum(s => s.Count));
        IEnumerable<string> differing =
            from opcode in new[] { Opcode.LoadWeights, Opcode.Compute }
            let instructions = Enumerable.Range(0, program.InstructionCount).Count(i => program[i].Opcode == opcode)
            where steps.GetValueOrDefault($"{opcode}") != instructions
            select $"{opcode}: {instructions} instructions, {steps.GetValueOrDefault($"{opcode}")} steps in the nests";
        string report = string.Join("; ", differing);
        return report.Length > 0 ? report : null;
    }
}
