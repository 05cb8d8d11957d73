using Hil.Compiler.Tests;
using Hil.Compiler.Tests.Scheduling;
using Hil.Emulator;
using Hil.Emulator.Functional;
using Hil.Emulator.Tests;
using Hil.Mutants.Tests;
using Hil.Operators.Tests;
using Hil.Specification.Tests.Emulator;
using Hil.Specification.Tests.Vectors;

namespace Hil.Stryker.Judge;

/// <summary>The tests that judge a subject's faults, the quickest first: those of its suites that take seconds, not minutes.</summary>
internal static class Judges
{
    private const EmulatorMutation FirstOfTime = EmulatorMutation.ComputeFillOneShort;

    /// <summary>Of the random programs that are compared to the bit; what is found at all is found by few.</summary>
    private const int Shares = 2;

    /// <summary>Takes as long as all other graphs together.</summary>
    private const string LongestToLower = "rows of several accumulators";

    public static Step[] Of(string subject) => subject switch
    {
        "timing" => Timing(),
        "functional" => Functional(),
        "products" => Products(),
        "compiler" => Compiler(),
        _ => throw new ArgumentException($"there is no subject {subject}", nameof(subject)),
    };

    private static Step[] Timing() =>
    [
        .. Step.Of(typeof(WorkedTimingExample)), .. Step.Of(typeof(RefusalsSayWhatToDo)), .. Step.Of(typeof(CountersAddUp)), .. Published(m => m >= FirstOfTime),
        .. Step.Of(typeof(SharesOfTheProgramsAreEqual), nameof(SharesOfTheProgramsAreEqual.To_the_cycle)),
        .. Step.Of(typeof(BusyTimesOfLayersAddUp)), .. Step.Of(typeof(TrapsAndDeadlocks)), .. Step.Of(typeof(TrapsWhileUnitsWork)), .. Step.Of(typeof(BrokenTokensTrapAlike)),
    ];

    private static Step[] Functional() =>
    [
        .. Step.Of(typeof(PoisonFollowsTheDocument)), .. Step.Of(typeof(RoundingIsHalfToEven)), .. Step.Of(typeof(SmallVectors)),
        .. Step.Of(typeof(TensorsLieWhereTheProgramSays)), .. Step.Of(typeof(SamplesDoNotSeeEachOther)), .. Step.Of(typeof(OnlyConstantsArePrepared)),
        .. Step.Of(typeof(LevelsAreChosenByName)), .. Step.Of(typeof(JoinedStripsKeepTheirPlace)), .. Step.Of(typeof(PublishedFaultsHaveNames)),
        .. Step.Of(typeof(RefusalsSayWhatToDo)), .. Published(m => m < FirstOfTime),
        .. Step.Of(typeof(VectorsAreCurrent), nameof(VectorsAreCurrent.The_emulator_gives_what_the_file_says)),
        .. Step.Of(typeof(EveryPathGivesTheSameBytes), nameof(EveryPathGivesTheSameBytes.A_level_that_this_processor_lacks_is_refused_and_never_replaced)),
        .. Step.Of(typeof(EveryPathGivesTheSameBytes), nameof(EveryPathGivesTheSameBytes.Ties_of_normalised_values_round_to_even)),
        .. Step.Of(typeof(StripsAreJoined)), .. Step.Of(typeof(JoinedProducts), nameof(JoinedProducts.Are_few_for_a_product_of_many_strips)),
        .. Step.Of(typeof(JoinedProducts), nameof(JoinedProducts.Leave_the_same_memories_on_many_threads_at_once)),
        .. Step.Of(typeof(SharesOfTheProgramsAreEqual), nameof(SharesOfTheProgramsAreEqual.To_the_bit), a => (int)a[0]! < Shares),
        .. Step.Of(typeof(JoinedProducts), nameof(JoinedProducts.Leave_the_same_memories_where_many_strips_are_pipelined), a => IsOfLevel(a, 1)),
        .. Step.Of(typeof(JoinedProducts), nameof(JoinedProducts.Leave_the_same_memories_on_random_programs), a => IsOfLevel(a, 1)),
    ];

    private static Step[] Products() =>
    [
        .. Step.Of(typeof(OnlyConstantsArePrepared)), .. Step.Of(typeof(JoinedStripsKeepTheirPlace)), .. Step.Of(typeof(StripsAreJoined)),
        .. Step.Of(typeof(StripsAreJoinedOnlyWhereTheyMayBe)),
        .. Step.Of(typeof(JoinedProducts), nameof(JoinedProducts.Are_few_for_a_product_of_many_strips)),
        .. Step.Of(typeof(JoinedProducts), nameof(JoinedProducts.Leave_the_same_memories_on_many_threads_at_once)),
        .. Step.Of(typeof(JoinedProducts), nameof(JoinedProducts.Leave_the_same_memories_on_random_programs), a => IsOfLevel(a, 1)),
        .. Step.Of(typeof(JoinedProducts), nameof(JoinedProducts.Leave_the_same_memories_where_many_strips_are_pipelined), a => IsOfLevel(a, 1)),
        .. Step.Of(typeof(SharesOfTheProgramsAreEqual), nameof(SharesOfTheProgramsAreEqual.To_the_bit), a => (int)a[0]! < Shares),
        .. Step.Of(typeof(JoinedProducts), nameof(JoinedProducts.Leave_the_same_memories_on_random_programs), a => IsOfLevel(a, 4)),
        .. Step.Of(typeof(JoinedProducts), nameof(JoinedProducts.Leave_the_same_memories_where_many_strips_are_pipelined), a => IsOfLevel(a, 4)),
    ];

    private static Step[] Compiler() =>
    [
        .. Step.Of(typeof(PiecesAreJoined)), .. Step.Of(typeof(EntriesLieApart)), .. Step.Of(typeof(AllocationIsProved)), .. Step.Of(typeof(RegionsArePlaced)),
        .. Step.Of(typeof(HazardsAreFound)), .. Step.Of(typeof(TheClockCountsFetches)), .. Step.Of(typeof(WeightsAndParametersAreLoadedOnce)),
        .. Step.Of(typeof(LayersHaveRanges)), .. Step.Of(typeof(WhatDoesNotFitIsRefused)),
        .. Step.Of(typeof(ProgramsSayWhatTheyAre)), .. Step.Of(typeof(GemmProgramsAreRight)), .. Step.Of(typeof(EveryWayOfLoweringIsRight), nameof(EveryWayOfLoweringIsRight.And_one_of_them_is_kept)),
        .. Step.Of(typeof(EveryWayOfLoweringIsRight), nameof(EveryWayOfLoweringIsRight.And_takes_the_recorded_cycles), a => !$"{a[0]}".StartsWith(LongestToLower, StringComparison.Ordinal)),
        .. Step.Of(typeof(OperationsSayWhatTheyTouch)), .. Step.Of(typeof(ElementsAreLoweredRight)),
        .. Step.Of(typeof(OperatorsRunOnMachinesOfOtherShapes)), .. Step.Of(typeof(ProductsOfActivationsAreRight)),
        .. Step.Of(typeof(EveryPlantedFaultIsFound), nameof(EveryPlantedFaultIsFound.By_its_check_and_not_without_it), a => $"{a[0]}".StartsWith("Compiler.", StringComparison.Ordinal)),
    ];

    // Other programs at each vector level.
    private static bool IsOfLevel(object?[] levelAndBlock, int blocks) => (int)levelAndBlock[1]! / blocks == (int)(SimdLevel)levelAndBlock[0]!;

    /// <summary>Faults that a subject itself publishes do what they did: the branches that plant them are code too.</summary>
    private static IEnumerable<Step> Published(Func<EmulatorMutation, bool> chosen) =>
        Step.Of(typeof(PublishedFaultsDoAsRecorded), nameof(PublishedFaultsDoAsRecorded.To_the_bit_and_to_the_cycle), a => chosen((EmulatorMutation)a[0]!));
}
