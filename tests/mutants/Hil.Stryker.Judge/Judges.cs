using Hil.Emulator.Tests;
using Hil.Specification.Tests.Emulator;

namespace Hil.Stryker.Judge;

/// <summary>The tests that judge a subject's faults, the quickest first: those of its suites that take seconds, not minutes.</summary>
internal static class Judges
{
    public static Step[] Of(string subject) => subject switch
    {
        "timing" => Timing(),
        "functional" => Functional(),
        _ => throw new ArgumentException($"there is no subject {subject}", nameof(subject)),
    };

    private static Step[] Timing() =>
    [
        .. Step.Of(typeof(WorkedTimingExample)), .. Step.Of(typeof(CountersAddUp)),
        .. Step.Of(typeof(SharesOfTheProgramsAreEqual), nameof(SharesOfTheProgramsAreEqual.To_the_cycle)),
        .. Step.Of(typeof(TrapsAndDeadlocks)), .. Step.Of(typeof(BrokenTokensTrapAlike)),
    ];

    private static Step[] Functional() =>
    [
        .. Step.Of(typeof(SmallVectors)),
        .. Step.Of(typeof(SharesOfTheProgramsAreEqual), nameof(SharesOfTheProgramsAreEqual.To_the_bit)),
        .. Step.Of(typeof(PoisonFollowsTheDocument)), .. Step.Of(typeof(TrapsAndDeadlocks)), .. Step.Of(typeof(EveryPathGivesTheSameBytes)),
        .. Step.Of(typeof(JoinedProducts), chosen: a => a.Length == 0 || (int)a[1]! == 0),
    ];
}
