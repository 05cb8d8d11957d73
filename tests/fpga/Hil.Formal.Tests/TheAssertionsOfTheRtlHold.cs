using Xunit.Abstractions;

namespace Hil.Formal.Tests;

/// <summary>
/// Bounded model checking: the assertions in the RTL's sources, and those of each module's environment in fpga/formal, over all inputs.
/// What is checked, to which depth, and what is proved by induction, is printed.
/// </summary>
public sealed class TheAssertionsOfTheRtlHold(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("HIL_TEST_FULL") == "1";

    public static TheoryData<string> Sets() => [.. PropertySets.All.Select(p => p.ToString())];

    public static TheoryData<string, int> Faults()
    {
        var faults = new TheoryData<string, int>();
        foreach (PropertySet set in PropertySets.All)
        {
            // One fault of each set; all in the long version.
            for (int i = 0; i < (Full ? set.Faults.Count : 1); i++) faults.Add(set.ToString(), i);
        }

        return faults;
    }

    [SkippableTheory]
    [MemberData(nameof(Sets))]
    public void For_all_inputs(string name)
    {
        PropertySet set = PropertySets.Named(name);
        int depth = Full ? set.FullDepth : set.Depth;
        (Verdict verdict, string said) = ModelChecker.Check(set, depth);
        Assert.True(verdict == Verdict.Holds, said);
        output.WriteLine($"{name}: checked for {depth} cycles from reset");
        if (set.Induction == 0) return;
        (verdict, said) = ModelChecker.Check(set, set.Induction, induction: true);
        Assert.True(verdict == Verdict.Holds, said);
        output.WriteLine($"{name}: proved by induction over {set.Induction} cycles");
    }

    [SkippableTheory]
    [MemberData(nameof(Faults))]
    public void And_fail_on_a_planted_fault(string name, int index)
    {
        PropertySet set = PropertySets.Named(name);
        SourceFault fault = set.Faults[index];
        (Verdict verdict, string said) = ModelChecker.Check(set, fault.Depth, fault: fault);
        Assert.True(verdict == Verdict.Fails, said);
        output.WriteLine($"{fault.File}: '{fault.Replacement}' for '{fault.Text}' is found");
    }

    [SkippableFact]
    public void An_unreadable_source_is_no_finding()
    {
        PropertySet set = PropertySets.All[0];
        var fault = new SourceFault("unit/hil_tokens.sv", "assign available_o[i] = count_q != '0;", "assign available_o[i] = ;", 2);
        Assert.Equal(Verdict.Unknown, ModelChecker.Check(set, fault.Depth, fault: fault).Verdict);
    }
}
