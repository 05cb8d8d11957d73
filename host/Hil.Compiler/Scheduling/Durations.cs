using Hil.Contract.Machines;

namespace Hil.Compiler.Scheduling;

/// <summary>Cycles of instructions as the scheduler counts them (docs/timing.md, sections 5 and 6).</summary>
internal sealed class Durations(Machine machine)
{
    private const int PortTail = 2;
    private readonly Machine _machine = machine;

    public static long Port(MemoryRegion region, long bytes, bool write)
    {
        long cycles = PortTail + 1;
        for (long at = 0; at < bytes; at += region.MaxBurstBytes)
            cycles += region.BurstCycles(region.Base + at, Math.Min(region.MaxBurstBytes, bytes - at), write) + 1;
        return cycles;
    }

    public long LoadDynamic(int kLength, bool byColumns)
    {
        long tiles = Ceiling(kLength, _machine.Rows);
        return (tiles * (byColumns ? _machine.Columns + _machine.Rows : _machine.Rows)) + 3;
    }

    public long Compute(int rows, int tiles)
    {
        int r = _machine.Rows;
        int c = _machine.Columns;
        return tiles == 0 ? rows + 6 : r + ((tiles - 1L) * Math.Max(rows, r + c + 2)) + rows + r + c + 6;
    }

    public long Requantize(int rows, int columns, bool wide, bool accumulate, bool perRow)
    {
        long line = (Vector.LineCycles + (rows * Math.Max(Vector.RoundCycles, GroupCycles(wide ? 2 : 1)))) * (accumulate ? 2 : 1);
        return (perRow ? 0 : columns) + (Groups(columns) * line) + Vector.StartCycles;
    }

    public long LayerNorm(int rows, int columns, int sourceBank, int bank8, int bank16)
    {
        long groups = Groups(columns);
        long once = Combine((sourceBank, 2), (bank8, bank8 < 0 ? 0 : 1), (bank16, bank16 < 0 ? 0 : 2));
        int roundings = 2 + (bank8 < 0 ? 0 : 1) + (bank16 < 0 ? 0 : 1);
        return (rows * ((groups * FirstPass) + Vector.NormCycles + (groups * Math.Max(roundings * Vector.RoundCycles, once)))) + Vector.LineCycles + Vector.StartCycles;
    }

    public long Softmax(int rows, int columns, int sourceBank, int outputBank)
    {
        long groups = Groups(columns);
        long once = Math.Max(Vector.RoundCycles, Combine((sourceBank, 2), (outputBank, 1)));
        return (rows * ((groups * FirstPass) + (groups * once) + Vector.DivideCycles)) + Vector.StartCycles;
    }

    public long Map(int rows, int columns, int sourceBank, int sourceBytes, int outputBank, int outputBytes) =>
        Rows(rows, columns, Math.Max(Vector.RoundCycles, Combine((sourceBank, sourceBytes), (outputBank, outputBytes))));

    public long Add(int rows, int columns, int bankA, int bankB, int outputBank) =>
        Rows(rows, columns, Math.Max(3 * Vector.RoundCycles, Combine((bankA, 2), (bankB, 2), (outputBank, 2))));

    private long Rows(int rows, int columns, long slot) => (rows * ((Groups(columns) * slot) + Vector.LineCycles)) + Vector.StartCycles;

    public long Groups(int columns) => Ceiling(columns, _machine.Lanes);

    private VectorShape Vector => _machine.Vector;

    private long FirstPass => Math.Max(Vector.StatisticsCycles, GroupCycles(2));

    private long GroupCycles(int bytes) => Math.Max(1, _machine.Lanes * bytes / _machine.WordBytes);

    private long Combine(params ReadOnlySpan<(int Bank, int Bytes)> operands)
    {
        long most = 0;
        for (int i = 0; i < operands.Length; i++)
        {
            long sum = 0;
            foreach ((int bank, int bytes) in operands)
            {
                if (bank == operands[i].Bank && bytes > 0) sum += GroupCycles(bytes);
            }

            most = Math.Max(most, operands[i].Bytes == 0 ? 0 : sum);
        }

        return most;
    }

    private static long Ceiling(long a, long b) => (a + b - 1) / b;
}
