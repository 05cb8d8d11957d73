using Hil.Contract.Machines;

namespace Hil.Compiler.Lowering;

/// <summary>The ways of lowering that are tried on a machine: group by group until one has something that fits.</summary>
internal static class ChoiceList
{
    /// <summary>Per cent of the cycles that a way has to save for which weights are read more often: main memory takes most of the energy.</summary>
    public const int WorthMoreReads = 2;

    /// <summary>
    /// Ways that are tried besides where the array is the busiest unit of the best program of the others: they leave it less idle, at the price of more
    /// work for the vector unit, since a row block costs it as many instructions as the whole, and of weights that are read anew for each row block.
    /// </summary>
    public static IReadOnlyList<LoweringChoice> ForBusyArrays(Machine machine) =>
        machine.Scratchpad.Banks == 2 ? [new(Blocks: 2, Opposite: true)] : [];

    public static IEnumerable<IReadOnlyList<LoweringChoice>> Groups(Machine machine)
    {
        if (machine.Scratchpad.Banks == 2)
        {
            yield return
            [
                new(Blocks: 3, Alternate: true), new(Blocks: 3),
                new(Blocks: 3, Alternate: true, HeadByHead: true, Depth: 2), new(Blocks: 3, HeadByHead: true, Depth: 2),
            ];
            yield return [new(Blocks: 3, QueryBlocks: 2), new(Blocks: 3, QueryBlocks: 4)];
        }
        else
        {
            yield return [new(Blocks: 2, Split: true), new(Blocks: 2, Split: true, HeadByHead: true, Depth: 2), new(Blocks: 2)];
        }

        foreach (int hidden in new[] { 2, 4, 8, 16 })
        {
            yield return [new(Blocks: 1, QueryBlocks: hidden, HiddenBlocks: hidden)];
        }
    }
}
