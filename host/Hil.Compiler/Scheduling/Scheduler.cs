using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Compiler.Scheduling;

/// <summary>
/// Orders the operations of a plan: repeatedly takes, among those whose needs are met, the one that can start first on the machine as it would
/// stand, the earlier in lowering order if two can. Gives slots and halves as it goes. The order is the program's; tokens are placed afterwards.
/// </summary>
internal sealed class Scheduler
{
    // How many operations of a unit, in lowering order, are looked at for the next one.
    private const int Window = 48;

    // A piece of softmax or layer norm makes way for a requantization that could start this share of its length later, because Compute waits for those.
    // A tenth keeps ties from going to the piece and little else; more leaves Vector idle where it is the busiest.
    private const int BackgroundPercent = 10;

    private readonly Plan _plan;
    private readonly Machine _machine;
    private readonly MachineClock _clock;
    private readonly List<Operation>[] _ready = [[], [], [], []];
    private readonly SlotContent?[] _slots = new SlotContent?[2];
    private readonly Sum?[] _halves = new Sum?[2];
    private readonly Dictionary<SlotContent, Operation> _firstCompute = [];
    private readonly int[] _leftOfLayer;
    private Sum? _loading;
    private int _oldestLayer;

    public Scheduler(Plan plan)
    {
        _plan = plan;
        _machine = plan.Machine;
        _clock = new MachineClock(_machine);
        _leftOfLayer = new int[plan.Layers.Count];
        foreach (Operation op in plan.Operations)
        {
            _leftOfLayer[op.Layer]++;
            op.Waiting = op.Needs.Count;
            foreach (Operation need in op.Needs) need.Followers.Add(op);
            if (op.Waiting == 0) _ready[(int)op.Unit].Add(op);
            if (op is { Unit: Unit.Compute, Slot: not null }) _firstCompute.TryAdd(op.Slot, op);
        }
    }

    /// <summary>Cycles until the last operation ends, as the scheduler counts them.</summary>
    public long Makespan { get; private set; }

    public IReadOnlyList<Operation> Run()
    {
        var order = new List<Operation>(_plan.Operations.Count);
        while (order.Count < _plan.Operations.Count)
        {
            // Behind what is too far ahead there is something older only where layers take turns.
            Operation next = Choose(false) ?? Choose(true) ?? throw new InvalidOperationException("The scheduler finds no operation that can come next.");
            Commit(next);
            order.Add(next);
        }

        return order;
    }

    // The next operation, or null; with pastLater also one that stands behind others of layers that are too far ahead.
    private Operation? Choose(bool pastLater)
    {
        Operation? best = null;
        long bestKey = long.MaxValue;
        while (_oldestLayer < _leftOfLayer.Length && _leftOfLayer[_oldestLayer] == 0) _oldestLayer++;
        int lastLayer = _oldestLayer + Hazards.LayersTogether;
        for (int u = 0; u < Units.Count; u++)
        {
            Operation? unitBest = null;
            long unitKey = long.MaxValue;
            int seen = 0;
            foreach (Operation op in _ready[u])
            {
                if (op.Layer > lastLayer)
                {
                    if (pastLater) continue;
                    break;
                }

                if (++seen > Window) break;
                if (!Possible(op)) continue;
                // Loads other than of weights keep their place in lowering order: they serve the strip that they stand before.
                if (u == (int)Unit.Load && op.Slot is null)
                {
                    if (unitBest is null) unitBest = op;
                    break;
                }

                long key = u == (int)Unit.Load ? ComputeEstimate(op) : _clock.EarliestStart(op);
                if (op.Background) key += op.Duration * BackgroundPercent / 100;
                if (key < unitKey) (unitBest, unitKey) = (op, key);
            }

            if (unitBest is null) continue;
            long start = _clock.EarliestStart(unitBest);
            if (start < bestKey || (start == bestKey && unitBest.Index < best!.Index)) (best, bestKey) = (unitBest, start);
        }

        return best;
    }

    // When the strip that a load serves could be computed, if it were loaded now.
    private long ComputeEstimate(Operation load) =>
        Math.Max(_clock.EarliestStart(load), _clock.EarliestStart(_firstCompute[load.Slot!]));

    private bool Possible(Operation op) => op.Unit switch
    {
        Unit.Load when op.Slot is not null =>
            (_loading is null || _loading == op.Sum) && (Free(_slots[0]) || Free(_slots[1])),
        Unit.Compute => op.Sum!.Half >= 0 || _halves[0] is null || _halves[1] is null,
        _ => true,
    };

    private static bool Free(SlotContent? content) => content is null || content.ComputesLeft == 0;

    private void Commit(Operation op)
    {
        if (op is { Unit: Unit.Load, Slot: { } content })
        {
            int slot = !Free(_slots[0]) ? 1 : !Free(_slots[1]) ? 0 : _clock.SlotEnd(0) <= _clock.SlotEnd(1) ? 0 : 1;
            _slots[slot] = content;
            content.Slot = slot;
            if (op.Sum is { } sum) _loading = --sum.LoadsLeft > 0 ? sum : null;
        }

        if (op.Unit == Unit.Compute)
        {
            if (op.Sum!.Half < 0)
            {
                int half = _halves[0] is not null ? 1 : _halves[1] is not null ? 0 : _clock.HalfEnd(0) <= _clock.HalfEnd(1) ? 0 : 1;
                _halves[half] = op.Sum;
                op.Sum.Half = half;
            }

            if (op.Slot is not null) op.Slot.ComputesLeft--;
        }

        _clock.Commit(op);
        Makespan = Math.Max(Makespan, op.End);
        if (op is { Unit: Unit.Vector, Sum: not null }) _halves[op.Sum.Half] = null;
        _leftOfLayer[op.Layer]--;
        _ready[(int)op.Unit].Remove(op);
        foreach (Operation follower in op.Followers)
        {
            if (follower.Unit != op.Unit) follower.NeedsEnd = Math.Max(follower.NeedsEnd, op.End + 1);
            if (--follower.Waiting > 0) continue;
            List<Operation> ready = _ready[(int)follower.Unit];
            int at = ready.BinarySearch(follower, ByIndex);
            ready.Insert(~at, follower);
        }
    }

    private static readonly Comparer<Operation> ByIndex = Comparer<Operation>.Create((a, b) => a.Index.CompareTo(b.Index));
}
