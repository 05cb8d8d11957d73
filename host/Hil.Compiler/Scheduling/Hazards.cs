using Hil.Compiler.Plans;
using Hil.Contract.Isa;

namespace Hil.Compiler.Scheduling;

/// <summary>
/// Finds, for each operation, the earlier ones that it must come after: by what they read and write of scratchpad, parameters, row scales and
/// tables, in lowering order. What an operation replaces whole is forgotten, and so is what lies further back than layers can overlap.
/// </summary>
internal sealed class Hazards(Plan plan)
{
    /// <summary>An operation comes after all operations of layers more than this many before its own.</summary>
    public const int LayersTogether = 5;

    private readonly Plan _plan = plan;
    private readonly Dictionary<Region, Uses<Operand>> _regions = plan.Regions.ToDictionary(r => r, _ => new Uses<Operand>());
    private readonly Dictionary<Region, Region[]> _sharing = plan.Regions.ToDictionary(
        r => r, r => plan.Regions.Where(o => o != r && o.Address < r.Address + r.Bytes && r.Address < o.Address + o.Bytes).ToArray());
    private readonly Uses<EntryUse>[] _entries = [.. Enum.GetValues<EntryKind>().Select(_ => new Uses<EntryUse>())];

    private readonly Dictionary<Region, Operation[]> _before = [];

    // What uses a region or a kind of entries. What reads meets only what writes.
    private sealed class Uses<T>
    {
        public List<(Operation Op, T Use)> Reads { get; } = [];

        public List<(Operation Op, T Use)> Writes { get; } = [];

        public void RemoveAll(Predicate<(Operation Op, T Use)> match)
        {
            Reads.RemoveAll(match);
            Writes.RemoveAll(match);
        }
    }

    public void Find()
    {
        var loads = new Dictionary<SlotContent, Operation>();
        var sums = new Dictionary<Sum, List<Operation>>();
        int layer = 0;
        int[] oldest = OldestLayers();
        foreach (Operation op in _plan.Operations)
        {
            if (oldest[op.Index] != layer)
            {
                layer = oldest[op.Index];
                foreach (Uses<Operand> region in _regions.Values) region.RemoveAll(e => e.Op.Layer < layer - LayersTogether);
            }

            foreach (Operand use in op.Operands) Touch(op, use);
            foreach (EntryUse use in op.Entries) Touch(op, use);
            if (op.Slot is { } slot)
            {
                if (op.Unit == Unit.Load) loads[slot] = op;
                else op.Need(loads[slot]);
            }

            if (op.Sum is { } sum && op.Unit != Unit.Load)
            {
                if (!sums.TryGetValue(sum, out List<Operation>? parts)) sums[sum] = parts = [];
                foreach (Operation part in parts) op.Need(part);
                parts.Add(op);
            }
        }

        foreach (Operation op in _plan.Operations)
        {
            if (op.Unit == Unit.Vector && op.Sum is not null) HoldNothingInVain(op, sums[op.Sum], loads);
        }
    }

    // For each operation the first layer of which there is one from it on: layers can take turns.
    private int[] OldestLayers()
    {
        var oldest = new int[_plan.Operations.Count];
        int layer = int.MaxValue;
        for (int i = oldest.Length - 1; i >= 0; i--) oldest[i] = layer = Math.Min(layer, _plan.Operations[i].Layer);
        return oldest;
    }

    // A slot or a half is taken only when all that its strip will need besides has been committed: else what holds them could wait, through
    // parameters or outputs, for a strip that finds none.
    private static void HoldNothingInVain(Operation requantize, List<Operation> parts, Dictionary<SlotContent, Operation> loads)
    {
        int first = parts.Min(p => p.Index);
        foreach (Operation part in parts)
        {
            // What the load needs, the part needs by way of it.
            Operation? load = part.Slot is null ? null : loads[part.Slot];
            if (part != requantize) part.NeedAlso(requantize.Needs.Where(n => n.Index < first && (load is null || n.Index >= load.Index)));
            if (load is null) continue;
            load.NeedAlso(requantize.Needs.Where(n => n.Index < first && n.Index < load.Index));
            load.NeedAlso(part.Needs.Where(n => n.Index < load.Index));
        }
    }

    private void Touch(Operation op, Operand use)
    {
        Uses<Operand> uses = _regions[use.Region];
        bool follows = Follows(op, use, uses.Writes);
        if (use.Writes) follows |= Follows(op, use, uses.Reads);
        (use.Writes ? uses.Writes : uses.Reads).Add((op, use));
        if (follows) return;

        if (!_before.TryGetValue(use.Region, out Operation[]? before)) _before.Add(use.Region, before = Before(use.Region));
        foreach (Operation other in before)
        {
            if (other != op) op.Need(other);
        }
    }

    // Of two regions that share bytes the first is done with before the second begins: what the second's operations come after that follow no other of its own.
    private Operation[] Before(Region region) =>
        Operation.Last([.. _sharing[region].SelectMany(r => _regions[r].Writes.Concat(_regions[r].Reads)).Select(u => u.Op).Distinct()]);

    // Lets an operation come after those of a list that it meets; forgets those that it covers with what it writes.
    private static bool Follows(Operation op, Operand use, List<(Operation Op, Operand Use)> list)
    {
        bool follows = false;
        int kept = 0;
        for (int i = 0; i < list.Count; i++)
        {
            (Operation other, Operand its) = list[i];
            bool meets = other != op && Meets(use, its);
            if (meets) op.Need(other);
            follows |= meets;
            if (!meets || !use.Writes || !Covers(use, its)) list[kept++] = list[i];
        }

        list.RemoveRange(kept, list.Count - kept);
        return follows;
    }

    private void Touch(Operation op, EntryUse use)
    {
        Uses<EntryUse> uses = _entries[(int)use.Kind];
        int end = use.First + use.Count;
        object? found = null;
        foreach ((Operation other, EntryUse its) in uses.Writes)
        {
            if (other == op || its.First >= end || use.First >= its.First + its.Count) continue;
            op.Need(other);
            found = its.Content;
        }

        if (!use.Writes)
        {
            if (!ReferenceEquals(found, use.Content)) throw new InvalidOperationException($"{op.Kind} finds other {use.Kind} than it expects: the ring came round too soon.");
            uses.Reads.Add((op, use));
            return;
        }

        foreach ((Operation other, EntryUse its) in uses.Reads)
        {
            if (other != op && its.First < end && use.First < its.First + its.Count) op.Need(other);
        }

        uses.RemoveAll(e => e.Use.First >= use.First && e.Use.First + e.Use.Count <= end);
        uses.Writes.Add((op, use));
    }

    private static bool Meets(in Operand a, in Operand b)
    {
        if (a.First >= b.End || b.First >= a.End) return false;
        if (a.StrideBytes != b.StrideBytes || a.StrideBytes == 0) return true;
        (long rowA, long columnA) = Math.DivRem(a.Offset, a.StrideBytes);
        (long rowB, long columnB) = Math.DivRem(b.Offset, b.StrideBytes);
        return rowA < rowB + b.Rows && rowB < rowA + a.Rows && columnA < columnB + b.RowBytes && columnB < columnA + a.RowBytes;
    }

    private static bool Covers(in Operand a, in Operand b)
    {
        bool solid = a.RowBytes == a.StrideBytes || a.Rows == 1;
        if (solid) return a.First <= b.First && a.End >= b.End;
        if (a.StrideBytes != b.StrideBytes) return false;
        (long rowA, long columnA) = Math.DivRem(a.Offset, a.StrideBytes);
        (long rowB, long columnB) = Math.DivRem(b.Offset, b.StrideBytes);
        return rowA <= rowB && rowA + a.Rows >= rowB + b.Rows && columnA <= columnB && columnA + a.RowBytes >= columnB + b.RowBytes;
    }
}
