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
    private readonly Dictionary<Region, List<(Operation Op, Operand Use)>> _regions = plan.Regions.ToDictionary(r => r, _ => new List<(Operation, Operand)>());
    private readonly Dictionary<Region, Region[]> _sharing = plan.Regions.ToDictionary(
        r => r, r => plan.Regions.Where(o => o != r && o.Address < r.Address + r.Bytes && r.Address < o.Address + o.Bytes).ToArray());
    private readonly List<(Operation Op, EntryUse Use)>[] _entries =
        [.. Enum.GetValues<EntryKind>().Select(_ => new List<(Operation, EntryUse)>())];

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
                foreach (List<(Operation Op, Operand)> region in _regions.Values) region.RemoveAll(e => e.Op.Layer < layer - LayersTogether);
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
        List<(Operation Op, Operand Use)> list = _regions[use.Region];
        bool follows = false;
        int kept = 0;
        for (int i = 0; i < list.Count; i++)
        {
            (Operation other, Operand its) = list[i];
            bool meets = other != op && (use.Writes || its.Writes) && Meets(use, its);
            if (meets) op.Need(other);
            follows |= meets;
            if (meets && use.Writes && Covers(use, its)) continue;
            list[kept++] = list[i];
        }

        list.RemoveRange(kept, list.Count - kept);
        list.Add((op, use));
        if (follows) return;

        // Of two regions that share bytes the first is done with before the second begins. What comes after an operation on its own region comes after those too.
        foreach (Region region in _sharing[use.Region])
        {
            foreach ((Operation other, Operand its) in _regions[region])
            {
                if (other != op && (use.Writes || its.Writes)) op.Need(other);
            }
        }
    }

    private void Touch(Operation op, EntryUse use)
    {
        List<(Operation Op, EntryUse Use)> list = _entries[(int)use.Kind];
        int end = use.First + use.Count;
        object? found = null;
        foreach ((Operation other, EntryUse its) in list)
        {
            if (other == op || its.First >= end || use.First >= its.First + its.Count || !(use.Writes || its.Writes)) continue;
            op.Need(other);
            if (!use.Writes) found = its.Content;
        }

        if (!use.Writes && !ReferenceEquals(found, use.Content))
            throw new InvalidOperationException($"{op.Kind} finds other {use.Kind} than it expects: the ring came round too soon.");
        if (use.Writes) list.RemoveAll(e => e.Use.First >= use.First && e.Use.First + e.Use.Count <= end);
        list.Add((op, use));
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
