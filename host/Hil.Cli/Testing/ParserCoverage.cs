using System.Globalization;
using System.Text.Json;

namespace Hil.Cli.Testing;

/// <summary>A parser of files from outside, and the sources it is made of: folders and files from the repository's root.</summary>
internal sealed record Parser(string Name, IReadOnlyList<string> Sources, double LeastPercent = ParserCoverage.LeastPercent);

/// <summary>
/// Branch coverage of the parsers, summed over the test projects that run them: coverlet counts, this adds up. A branch is covered when any of
/// the projects takes it. Generated readers (Protobuf's, the JSON source of records) are not ours and not counted.
/// </summary>
internal static class ParserCoverage
{
    public const double LeastPercent = 95;

    /// <summary>What the importer has, rounded down: most of its branches are tests of a pattern's parts, of which models in the suites fail only some.</summary>
    private const double LeastOfImporter = 78;

    public static readonly IReadOnlyList<Parser> Parsers =
    [
        new("ONNX", ["host/Hil.Models/Onnx/"]),
        new("importer", ["host/Hil.Models/Import/"], LeastOfImporter),
        new("npz", ["host/Hil.Models/Data/"]),
        new("quantized graph",
        [
            "host/Hil.Models/Quantized/QuantizedGraph", "host/Hil.Models/Quantized/LayerChecks", "host/Hil.Models/Quantized/ElementChecks",
            "host/Hil.Models/Quantized/ArrayConverter",
        ]),
        new("program",
        [
            "host/Hil.Contract/Programs/ProgramFile", "host/Hil.Contract/Programs/ProgramHeader", "host/Hil.Contract/Programs/ProgramIdentity",
            "host/Hil.Contract/Programs/NestHeader",
        ]),
        new("assembly", ["host/Hil.Contract/Isa/Assembler", "host/Hil.Contract/Isa/InstructionText"]),
        new("machine", ["host/Hil.Contract/Json/", "host/Hil.Contract/Machines/MachineFile", "host/Hil.Contract/Machines/MachineReader"]),
        new("job", ["host/Hil.Jobs/Specs/JobSpec", "host/Hil.Jobs/Specs/JobOptions"]),
        new("measurement and prediction", ["host/Hil.Reconcile/Files/"]),
    ];

    private static readonly string[] Projects =
        ["Hil.Contract.Tests", "Hil.Models.Tests", "Hil.Operators.Tests", "Hil.Compression.Tests", "Hil.Jobs.Tests", "Hil.Reconcile.Tests", "Hil.Fuzz.Tests"];

    private static readonly string[] Types =
    [
        "[Hil.Models]Hil.Models.Onnx.*", "[Hil.Models]Hil.Models.Import.*", "[Hil.Models]Hil.Models.Data.*", "[Hil.Models]Hil.Models.Quantized.*",
        "[Hil.Contract]Hil.Contract.Programs.*", "[Hil.Contract]Hil.Contract.Isa.Assembler*", "[Hil.Contract]Hil.Contract.Isa.InstructionText*",
        "[Hil.Contract]Hil.Contract.Json.*", "[Hil.Contract]Hil.Contract.Machines.*", "[Hil.Jobs]Hil.Jobs.Specs.*",
        "[Hil.Reconcile]Hil.Reconcile.Files.*",
    ];

    public static bool IsCountedIn(string project) => Projects.Contains(project);

    /// <summary>What `dotnet test` is given besides.</summary>
    public static IEnumerable<string> Arguments =>
        ["--collect", $"XPlat Code Coverage;Format=json;Include={string.Join(',', Types)}"];

    /// <summary>One outcome for each parser, from the counts that lie below a folder.</summary>
    public static SuiteOutcome Judge(string folder, string root)
    {
        var branches = new Dictionary<(string File, string Method, string Branch), bool>();
        var lines = new Dictionary<(string File, string Method, string Branch), int>();
        foreach (string report in Directory.EnumerateFiles(folder, "coverage.json", SearchOption.AllDirectories))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(report));
            foreach ((string file, string method, JsonElement branch) in Branches(json.RootElement, root))
            {
                string id = string.Join(':', Numbers("Line", "Offset", "EndOffset", "Path", "Ordinal"));
                branches[(file, method, id)] = branches.GetValueOrDefault((file, method, id)) | branch.GetProperty("Hits").GetInt64() > 0;
                lines[(file, method, id)] = branch.GetProperty("Line").GetInt32();

                IEnumerable<string> Numbers(params string[] keys) =>
                    keys.Select(k => branch.GetProperty(k).GetInt64().ToString(CultureInfo.InvariantCulture));
            }
        }

        return new SuiteOutcome("parser coverage", 0, [.. Parsers.Select(parser =>
        {
            var own = branches.Where(b => parser.Sources.Any(s => b.Key.File.StartsWith(s, StringComparison.Ordinal))).ToList();
            int taken = own.Count(b => b.Value);
            double percent = own.Count == 0 ? 0 : 100.0 * taken / own.Count;
            string name = $"{parser.Name}: {taken} of {own.Count} branches ({percent.ToString("F1", CultureInfo.InvariantCulture)} %)";
            IEnumerable<string> missed = own.Where(b => !b.Value).Select(b => $"{b.Key.File}:{lines[b.Key]}").Distinct().Order(StringComparer.Ordinal);
            return percent >= parser.LeastPercent
                ? new TestOutcome(name, Outcome.Passed, "")
                : new TestOutcome(name, Outcome.Failed, $"less than {parser.LeastPercent} %; not taken:\n{string.Join('\n', missed)}");
        })]);
    }

    private static IEnumerable<(string File, string Method, JsonElement Branch)> Branches(JsonElement report, string root) =>
        from module in report.EnumerateObject()
        from file in module.Value.EnumerateObject()
        from type in file.Value.EnumerateObject()
        from method in type.Value.EnumerateObject()
        from branch in method.Value.GetProperty("Branches").EnumerateArray()
        select (Path.GetRelativePath(root, file.Name).Replace('\\', '/'), method.Name, branch);
}
