using Hil.Compiler;
using Hil.Compiler.Tests;
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
        foreach (Machine machine in TestMachines.All())
        {
            ProgramImage program = GemmCompiler.Compile(41, 90, 37, machine, 0, 5, options).Program;
            if (Contract.Verification.Verifier.Verify(program, machine) is { Count: > 0 } findings)
            {
                return string.Join("; ", findings);
            }
        }

        return null;
    }

    private static string? NestReport(CompilerOptions options) =>
        NestSteps.Differing(GemmCompiler.Compile(70, 64, 200, TestMachines.Wide(), 0, 5, options).Program) is { Length: > 0 } report ? report : null;
}
