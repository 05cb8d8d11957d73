using System.Globalization;
using Hil.Jobs;

namespace Hil.Stryker.Tests;

/// <summary>
/// Runs the judge (tests/mutants/Hil.Stryker.Judge) over faults by number, and starts it again where one ended the process or does not end.
/// </summary>
internal sealed class JudgeRun(Subject subject, string folder)
{
    private const string Survived = "survived";
    private const string InInitialiser = "initialiser";
    private const string Begun = "begun";
    private const int Done = 0;
    private const int StartAgain = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromHours(5);

    private static readonly Dictionary<string, string> Variables = new()
    {
        // A changed loop can ask for all memory; then it is to fail, and the machine to go on. Hexadecimal bytes.
        ["DOTNET_GCHeapHardLimit"] = "0xC0000000",
        ["HIL_TEST_FULL"] = "",
        ["HIL_REGENERATE"] = "",
        ["DOTNET_DbgEnableMiniDump"] = "0",
    };

    private readonly string _results = Path.Combine(folder, $"{subject.Name}.tsv");
    private readonly string _log = Path.Combine(folder, $"{subject.Name}.log");

    /// <summary>What found each fault; null: nothing did.</summary>
    public async Task<IReadOnlyDictionary<int, string?>> OfAsync(IReadOnlyList<int> faults)
    {
        string list = Path.Combine(folder, $"{subject.Name}.txt");
        for (Dictionary<int, string> verdicts = Read(); ; verdicts = Read())
        {
            int[] left = [.. faults.Where(f => !verdicts.ContainsKey(f))];
            if (left.Length == 0) break;
            await File.WriteAllLinesAsync(list, left.Select(f => f.ToString(CultureInfo.InvariantCulture)));
            await StartAsync("all", $"@{list}");
        }

        foreach (int fault in Read().Where(v => v.Value == InInitialiser).Select(v => v.Key).ToArray())
            await StartAsync("alone", fault.ToString(CultureInfo.InvariantCulture));
        return Read().Where(v => faults.Contains(v.Key)).ToDictionary(v => v.Key, v => v.Value == Survived ? null : v.Value);
    }

    private async Task StartAsync(string way, string faults)
    {
        string program = Path.Combine(folder, "Hil.Stryker.Judge.dll");
        int before = Lines().Length;
        int? code = await ChildProcess.RunAsync(
            StrykerRun.DotNet, [program, subject.Name, subject.Assembly, way, _results, faults], folder, _log, Variables, Limit, CancellationToken.None);
        if (code is Done or StartAgain) return;
        string[] lines = Lines();
        bool ended = lines.Length > before && lines[^1].EndsWith(Begun, StringComparison.Ordinal);
        Assert.True(ended, $"The judge ended with {code} outside of a fault; see {_log}");
        await File.AppendAllTextAsync(_results, $"{lines[^1].Split('\t')[0]}\tends the process ({code})\n");
    }

    private string[] Lines() => File.Exists(_results) ? File.ReadAllLines(_results) : [];

    /// <summary>The last word on each fault.</summary>
    private Dictionary<int, string> Read()
    {
        var verdicts = new Dictionary<int, string>();
        foreach (string[] parts in Lines().Select(l => l.Split('\t')).Where(p => p[1] != Begun)) verdicts[int.Parse(parts[0], CultureInfo.InvariantCulture)] = parts[1];
        return verdicts;
    }
}
