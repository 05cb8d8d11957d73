using Hil.Compiler.Lowering;
using Hil.Compiler.Memory;
using Hil.Compiler.Plans;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Compiler;

/// <summary>Compiles one product of random weights: M rows of K inputs times K × N weights, to int8.</summary>
public static class GemmCompiler
{
    // Weights and activations of this standard deviation times sqrt(K) fill int8 after this scaling: about 64*64*sqrt(K)/2^shift.
    private const int Multiplier = 40000;

    /// <param name="sparsity">Share of R × C weight tiles that are zero, 0 … 1.</param>
    /// <exception cref="HilException">The operands do not fit the scratchpad.</exception>
    public static CompiledProgram Compile(
        int m, int k, int n, Machine machine, double sparsity = 0, ulong seed = 1, CompilerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentOutOfRangeException.ThrowIfLessThan(m, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        options ??= CompilerOptions.Default;
        GemmData data = GemmData.Random(machine, k, n, sparsity, seed);
        var plan = new Plan(machine);
        plan.BeginLayer("gemm", "product");
        (TensorView a, TensorView c) = (Operand(plan, "a", RegionRole.Input, m, k), Operand(plan, "c", RegionRole.Stream, m, n));
        foreach (RowPiece piece in a.Pieces) piece.Region.HostReads = false;
        foreach (RowPiece piece in c.Pieces) piece.Region.HostReads = true;
        int shift = 22 + ((int)Math.Round(Math.Log2(k)) / 2);
        var spec = new ProductSpec(
            k, n, data.Weights, data.Bias, Enumerable.Repeat((ushort)Multiplier, n).ToArray(), shift, null, false, false, [.. Enumerable.Range(0, k)]);
        ColumnSegment[] segments = [new(0, n, c, 0)];
        var lowering = new ProductLowering(plan, options.Fault);
        IReadOnlyList<WeightStrip> strips = lowering.Strips(spec, segments);
        RowBlock[] blocks = [.. a.Pieces.SelectMany(p => ProductLowering.Blocks(p.Rows, machine.AccumulatorRows).Select(b => b with { Row = b.Row + p.Row }))];
        blocks = [.. blocks.SelectMany(b => Split(b, c))];
        lowering.Lower(spec, strips, segments, [a], blocks, 0, true);

        var builder = new ProgramBuilder(plan, options);
        AllocationResult result = builder.Schedule();
        if (!result.Fits)
        {
            throw new HilException(
                ExitKind.Unsupported, $"The operands do not fit the scratchpad: {result.Over} bytes too many.", $"gemm {m} {k} {n} on {machine.Name}",
                "Take fewer rows, or a machine with a larger scratchpad.");
        }

        return builder.Build(
            $"gemm-{m}x{k}x{n}",
            _ => ([.. Places("a", a, 0)], [.. Places("c", c, 0)], []),
            new Dictionary<string, string>
            {
                ["kind"] = "gemm",
                ["m"] = $"{m}", ["k"] = $"{k}", ["n"] = $"{n}", ["seed"] = $"{seed}",
                ["sparsity"] = sparsity.ToString(System.Globalization.CultureInfo.InvariantCulture),
            }, MachineFile.Hash(machine), result);
    }

    /// <summary>One place per run of rows that lies in one bank: the tensor's name, or with several runs name[first row].</summary>
    internal static IEnumerable<TensorPlace> Places(string name, TensorView view, int layer, double scale = 1, int zeroPoint = 0, ElementType? type = null)
    {
        foreach (RowPiece p in view.Pieces)
        {
            yield return new(
                view.Pieces.Count == 1 ? name : $"{name}[{p.Row}]", Space.Scratchpad, p.Region.Address + ((long)p.RegionRow * view.StrideBytes), 0, p.Rows,
                view.Columns, view.StrideBytes, type ?? (view.ElementBytes == 2 ? ElementType.Int16 : ElementType.Int8), scale, zeroPoint, layer);
        }
    }

    // A tensor larger than a bank lies in pieces of rows, each in a bank of its own.
    private static TensorView Operand(Plan plan, string name, RegionRole role, int rows, int columns)
    {
        int stride = plan.Stride(columns, 1);
        int most = Math.Max(1, plan.Machine.Scratchpad.BankBytes / stride);
        var pieces = new List<RowPiece>();
        foreach (RowBlock b in ProductLowering.Blocks(rows, Math.Min(most, rows)))
            pieces.Add(new(b.Row, b.Rows, plan.NewRegion($"{name}[{b.Row}]", role, b.Rows, stride, hostWrites: role == RegionRole.Input), 0));
        return new(pieces, columns, 1, stride);
    }

    private static IEnumerable<RowBlock> Split(RowBlock block, TensorView view)
    {
        foreach (RowPiece p in view.Pieces)
        {
            int from = Math.Max(p.Row, block.Row);
            int to = Math.Min(p.Row + p.Rows, block.Row + block.Rows);
            if (from < to) yield return new(from, to - from);
        }
    }
}
