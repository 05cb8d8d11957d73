using Hil.Emulator;
using Hil.Emulator.Tests;
using Hil.Mutants.Tests;
using Hil.Mutants.Tests.Emulator;
using Hil.Specification.Tests.Emulator;

namespace Hil.Stryker.Judge;

/// <summary>The tests that judge a subject's faults, the quickest first: those of its suites that take seconds, not minutes.</summary>
internal static class Judges
{
    public static Step[] Of(string subject) => subject switch
    {
        "timing" => Timing(),
        _ => throw new ArgumentException($"there is no subject {subject}", nameof(subject)),
    };

    private static Step[] Timing() =>
    [
        .. Step.Of(typeof(WorkedTimingExample)), .. Step.Of(typeof(CountersAddUp)),
        .. Step.Of(typeof(SharesOfTheProgramsAreEqual), nameof(SharesOfTheProgramsAreEqual.To_the_cycle)),
        .. Step.Of(typeof(BusyTimesOfLayersAddUp)), .. Step.Of(typeof(TrapsAndDeadlocks)), .. Step.Of(typeof(TrapsWhileUnitsWork)), .. Step.Of(typeof(BrokenTokensTrapAlike)),
        .. Published(Enum.GetValues<EmulatorMutation>().Where(m => m >= EmulatorMutation.ComputeFillOneShort)),
    ];

    /// <summary>Faults that the emulator itself publishes must be found still, by what they name: the branches that plant them are code too.</summary>
    private static IEnumerable<Step> Published(IEnumerable<EmulatorMutation> faults) =>
        from fault in faults
        let mutant = EmulatorMutants.All.Single(m => m.Name == fault.ToString())
        select new Step($"{mutant} is found", () => Assert.Contains(mutant.Names, mutant.Check(true), StringComparison.Ordinal));
}
