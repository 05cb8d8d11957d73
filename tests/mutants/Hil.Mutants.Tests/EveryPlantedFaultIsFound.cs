using Hil.Contract.Verification;
using Hil.Compiler;
using Hil.Emulator;
using Hil.Mutants.Tests.Compiler;
using Hil.Models.Import;
using Hil.Mutants.Tests.Emulator;
using Hil.Mutants.Tests.Importer;
using Hil.Mutants.Tests.Predict;
using Hil.Mutants.Tests.Verifier;
using Hil.Predict;
using Xunit.Abstractions;

namespace Hil.Mutants.Tests;

/// <summary>All faults are in one build, selected at run time; each is found by the check that names it.</summary>
public sealed class EveryPlantedFaultIsFound(ITestOutputHelper output)
{
    private static readonly Dictionary<string, Mutant> All =
        new Mutant[][] { EmulatorMutants.All, VerifierMutants.All, CompilerMutants.All, PredictMutants.All, ImporterMutants.All }
            .SelectMany(m => m).ToDictionary(m => m.ToString());

    public static TheoryData<string> Names() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void By_its_check_and_not_without_it(string name)
    {
        Mutant mutant = All[name];
        string? report = mutant.Check(true);
        output.WriteLine($"{name}: {report}");
        Assert.True(report is not null, $"{name} was not found.");
        Assert.Contains(mutant.Names, report, StringComparison.Ordinal);
        Assert.Null(mutant.Check(false));
    }

    [Fact]
    public void There_are_at_least_fifty() => Assert.True(All.Count >= 50, $"{All.Count} mutants");

    [Fact]
    public void At_least_twenty_are_of_the_importers() => Assert.True(ImporterMutants.All.Length >= 20, $"{ImporterMutants.All.Length} mutants");

    [Fact]
    public void Every_published_fault_has_its_check()
    {
        IEnumerable<string> published =
        [
            .. EmulatorMutations.All.Select(n => $"Emulator.{n}"), .. Names<VerifierMutation>("Verifier"),
            .. Names<PlantedFault>("Compiler"), .. Names<WrongRule>("Predict"), .. Names<ImporterFault>("Importer"),
        ];
        Assert.Empty(published.Except(All.Keys));
    }

    private static IEnumerable<string> Names<T>(string component)
        where T : struct, Enum => Enum.GetNames<T>().Where(n => n != "None").Select(n => $"{component}.{n}");
}
