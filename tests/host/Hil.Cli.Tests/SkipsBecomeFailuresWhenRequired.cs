using System.Xml.Linq;
using Hil.Cli.Testing;

namespace Hil.Cli.Tests;

public sealed class SkipsBecomeFailuresWhenRequired
{
    private const string ResultFile = """
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
          <UnitTestResult testName="Runs" outcome="Passed" />
          <UnitTestResult testName="Breaks" outcome="Failed"><Output><ErrorInfo>
            <Message>Expected: 1</Message><StackTrace>at Somewhere()</StackTrace></ErrorInfo></Output></UnitTestResult>
          <UnitTestResult testName="NeedsTool" outcome="NotExecuted"><Output><ErrorInfo>
            <Message>needs verilator</Message></ErrorInfo></Output></UnitTestResult>
          <UnitTestResult testName="NeedsBoard" outcome="NotExecuted"><Output><ErrorInfo>
            <Message>needs a physical board</Message></ErrorInfo></Output></UnitTestResult>
          <UnitTestResult testName="Unheard" outcome="Aborted" />
        </Results></TestRun>
        """;

    private static IReadOnlyList<TestOutcome> Outcomes(Requirement requirement) =>
        [.. TrxFile.Read(XDocument.Parse(ResultFile)).Select(t => t.Under(requirement))];

    [Fact]
    public void Without_a_requirement_each_outcome_is_what_the_runner_said() =>
        Assert.Equal(
            [Outcome.Passed, Outcome.Failed, Outcome.Skipped, Outcome.Skipped, Outcome.Failed],
            Outcomes(Requirement.None).Select(t => t.Outcome));

    [Fact]
    public void With_all_required_a_skip_is_a_failure_unless_it_wants_a_physical_board() =>
        Assert.Equal(
            [Outcome.Passed, Outcome.Failed, Outcome.Failed, Outcome.Skipped, Outcome.Failed],
            Outcomes(Requirement.All).Select(t => t.Outcome));

    [Fact]
    public void A_required_skip_keeps_its_reason() =>
        Assert.Contains("needs verilator", Outcomes(Requirement.All)[2].Message, StringComparison.Ordinal);

    [Fact]
    public void A_failure_shows_its_message_and_where_it_happened() =>
        Assert.Equal("Expected: 1\nat Somewhere()", Outcomes(Requirement.None)[1].Message);
}
