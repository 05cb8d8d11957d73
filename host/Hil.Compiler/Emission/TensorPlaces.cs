using Hil.Compiler.Lowering;
using Hil.Compiler.Plans;
using Hil.Contract.Programs;
using Hil.Models.Quantized;

namespace Hil.Compiler.Emission;

/// <summary>Where the host finds tensors of a program.</summary>
internal static class TensorPlaces
{
    /// <summary>The places of everything that the host gives: tensors in the graph's order, then masks.</summary>
    public static IEnumerable<TensorPlace> Inputs(TensorMap tensors, QuantizedGraph graph, Plan plan) =>
        graph.Inputs.SelectMany(i => Of(tensors, graph, i, 0)).Concat(plan.Given.Select(g => new TensorPlace(
            g.Key, Space.Main, g.Value.Address, 0, 1, g.Value.Bytes.Length, g.Value.Bytes.Length, ElementType.Int8, 1, 0, 0)))
        .Concat(tensors.AddedMasks.Select(m => new TensorPlace(
            m.Key, Space.Scratchpad, m.Value.Pieces[0].Region.Address, 0, m.Value.Rows, m.Value.Columns, m.Value.StrideBytes, ElementType.Int16, 1, 0, 0)));

    /// <summary>The places of a tensor: one, or one per region of rows, then named name[first row].</summary>
    public static IEnumerable<TensorPlace> Of(TensorMap tensors, QuantizedGraph graph, string name, int layer)
    {
        QTensor tensor = graph.Tensors[name];
        IReadOnlyList<TensorView> views = tensors[name];
        if (tensor.Type == QType.Wide15)
        {
            foreach ((RowPiece hi, RowPiece lo) in views[0].Pieces.Zip(views[1].Pieces))
            {
                long offset = (long)hi.RegionRow * views[0].StrideBytes;
                yield return new(
                    views[0].Pieces.Count == 1 ? name : $"{name}[{hi.Row}]", Space.Scratchpad, hi.Region.Address + offset, lo.Region.Address + offset, hi.Rows,
                    tensor.Columns, views[0].StrideBytes, ElementType.Wide15, tensor.Scale, tensor.ZeroPoint, layer);
            }

            yield break;
        }

        TensorView view = views[0];
        foreach (RowPiece p in view.Pieces)
        {
            yield return new(
                view.Pieces.Count == 1 ? name : $"{name}[{p.Row}]", Space.Scratchpad, p.Region.Address + ((long)p.RegionRow * view.StrideBytes), 0, p.Rows,
                tensor.Columns, view.StrideBytes, view.ElementBytes == 2 ? ElementType.Int16 : ElementType.Int8, tensor.Scale, tensor.ZeroPoint, layer);
        }
    }

    /// <summary>
    /// The tensors that are whole at the end of the range in which they are completed: not those that the schedule has begun to overwrite by then,
    /// nor those that lie in one region per head.
    /// </summary>
    public static IEnumerable<TensorPlace> Observables(
        GraphLowering lowering, QuantizedGraph graph, IReadOnlyList<Operation> order, IReadOnlyList<ProgramLayer> layers)
    {
        foreach (string name in graph.Tensors.Keys)
        {
            if (graph.Inputs.Contains(name) || !lowering.Tensors.Has(name) || !lowering.WrittenBy.TryGetValue(name, out int writer)) continue;
            IReadOnlyList<TensorView> views = lowering.Tensors[name];
            if (views.Count != 1 || views[0].Columns != graph.Tensors[name].Columns) continue;
            (long First, long End)[] bytes = [.. views[0].Pieces.Select(p =>
                (p.Region.Address + ((long)p.RegionRow * views[0].StrideBytes), p.Region.Address + ((long)(p.RegionRow + p.Rows) * views[0].StrideBytes)))];
            int last = -1;
            int overwritten = order.Count;
            for (int i = 0; i < order.Count && overwritten == order.Count; i++)
            {
                if (order[i].Layer < writer || !Writes(order[i], bytes)) continue;
                if (order[i].Layer == writer) last = i;
                else if (last >= 0) overwritten = i;
            }

            // What follows the first overwritten row may still be written by its own layer: then the tensor is never whole.
            for (int i = overwritten; i < order.Count; i++)
            {
                if (order[i].Layer == writer && Writes(order[i], bytes)) last = i;
            }

            int layer = 0;
            while (layer < layers.Count - 1 && layers[layer].FirstInstruction + layers[layer].InstructionCount <= last) layer++;
            if (last < 0 || overwritten < layers[layer].FirstInstruction + layers[layer].InstructionCount) continue;
            foreach (TensorPlace place in Of(lowering.Tensors, graph, name, layer)) yield return place;
        }
    }

    private static bool Writes(Operation op, (long First, long End)[] bytes)
    {
        foreach (Operand operand in op.Operands)
        {
            if (!operand.Writes) continue;
            foreach ((long first, long end) in bytes)
            {
                if (operand.First < end && first < operand.End) return true;
            }
        }

        return false;
    }
}
