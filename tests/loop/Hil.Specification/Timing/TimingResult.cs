using Hil.Contract.Programs;
using Hil.Contract.Records;

namespace Hil.Specification.Timing;

/// <summary>
/// One segment as the interpreter saw it; retirements in the order in which they happened, by unit within a cycle, and the cycles of each that its unit
/// counted as busy.
/// </summary>
public sealed record TimingResult(TrapRecord Trap, Counters Counters, IReadOnlyList<Retirement> Retirements, IReadOnlyList<long> Busy)
{
    /// <summary>Cycles of each layer by docs/timing.md section 9; they add up to the counter <c>cycles</c> of a run without a trap.</summary>
    public IReadOnlyList<long> LayerCycles(IReadOnlyList<ProgramLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var cycles = new List<long>();
        long end = -1;
        foreach (ProgramLayer layer in layers)
        {
            long last = Retirements
                .Where(r => r.Index >= layer.FirstInstruction && r.Index < layer.FirstInstruction + layer.InstructionCount)
                .Select(r => r.Retire)
                .DefaultIfEmpty(end)
                .Max();
            if (ReferenceEquals(layer, layers[^1]))
            {
                last = Counters.Cycles - 1;
            }

            cycles.Add(Math.Max(0, last - end));
            end = Math.Max(end, last);
        }

        return cycles;
    }
}
