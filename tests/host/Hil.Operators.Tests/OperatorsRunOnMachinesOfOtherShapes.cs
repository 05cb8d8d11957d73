using System.Collections.Concurrent;
using Hil.Compiler.Tests;
using Hil.Contract;

namespace Hil.Operators.Tests;

/// <summary>The small models of the other suites on machines of several shapes, with few and with many banks: every tensor is that of plain integers, and the cycles are the recorded ones.</summary>
public sealed class OperatorsRunOnMachinesOfOtherShapes
{
    private static readonly RecordedFigures Recorded = new(
        "tests/host/Hil.Operators.Tests/cycles.tsv", "dotnet test tests/host/Hil.Operators.Tests --filter OperatorsRunOnMachinesOfOtherShapes");

    private static readonly ConcurrentDictionary<string, Lazy<OperatorRun>> Runs = [];

    private static readonly (string Suite, IEnumerable<(string Model, double Bound)> Names, Func<string, OperatorRun> Make)[] Suites =
    [
        ("attention", AttentionsRunOnTheDevice.Names, AttentionsRunOnTheDevice.Run),
        ("convolution", ConvolutionsRunOnTheDevice.Names, ConvolutionsRunOnTheDevice.Make),
        ("element", ElementsRunOnTheDevice.Names, ElementsRunOnTheDevice.Make),
        ("gate", GatesRunOnTheDevice.Names, GatesRunOnTheDevice.Make),
        ("product", ProductsOfActivationsRunOnTheDevice.Names, ProductsOfActivationsRunOnTheDevice.Make),
        ("rearrangement", RearrangementsRunOnTheDevice.Names, RearrangementsRunOnTheDevice.Make),
    ];

    /// <summary>Too large for these machines, which takes long to say.</summary>
    private const string LeftOut = "a sum longer than a weight slot";

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (suite, names, _) in Suites)
        {
            foreach (var (name, _) in names.Where(n => n.Model != LeftOut))
            {
                cases.Add(suite, name);
            }
        }

        return cases;
    }

    /// <summary>Models for which one of the machines is too small: refused there, as any user's would be.</summary>
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["layer normalization over two axes"] = "small, square, wide, ragged, serial",
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void They_give_what_plain_integers_give(string suite, string name)
    {
        var run = Runs.GetOrAdd($"{suite}/{name}", _ => new(() => Suites.Single(s => s.Suite == suite).Make(name))).Value;
        var cycles = new List<string>();
        foreach (var machine in TestMachines.All())
        {
            if (Refused.GetValueOrDefault(name)?.Split(", ").Contains(machine.Name) == true)
            {
                Assert.Equal(ExitKind.Unsupported, Assert.Throws<HilException>(() => run.AssertExact(machine)).Kind);
            }
            else
            {
                cycles.Add($"{machine.Name} {run.AssertExact(machine)}");
            }
        }

        Recorded.AssertSame($"{suite}, {name}", string.Join(", ", cycles));
    }
}
