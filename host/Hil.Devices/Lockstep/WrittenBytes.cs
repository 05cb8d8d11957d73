using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Verification;
using Hil.Emulator.Functional;

namespace Hil.Devices.Lockstep;

/// <summary>A value that an instruction wrote: the memory, and where in the instruction's output it lies; tile −1 where there are none.</summary>
public sealed record WrittenPlace(string Memory, int Tile, long Row, long Column, int ElementBytes)
{
    public override string ToString() => $"{Memory}{(Tile < 0 ? "" : $", tile {Tile}")}, row {Row}, column {Column}";
}

/// <summary>All bytes that an instruction writes, in the order of its outputs, row by row; whatever else the memories hold.</summary>
internal static class WrittenBytes
{
    private const int IndexBytes = sizeof(ushort);

    /// <summary>Consecutive bytes of one output, rows of <c>RowBytes</c> from row <c>Row</c> on.</summary>
    private readonly record struct Run(
        Resource Resource, string Memory, long First, int Bytes, int RowBytes, int ElementBytes, long Row = 0, int Tile = -1);

    /// <summary>The bytes, as the memories hold them now.</summary>
    public static byte[] Of(Instruction instruction, Machine machine, IMemoryView memories)
    {
        Run[] runs = [.. Runs(instruction, machine)];
        var bytes = new byte[runs.Sum(r => r.Bytes)];
        int at = 0;
        foreach (Run run in runs)
        {
            Read(run, memories, bytes.AsSpan(at, run.Bytes));
            at += run.Bytes;
        }

        return bytes;
    }

    /// <summary>The value that one of the bytes belongs to, and where among them it begins.</summary>
    public static (WrittenPlace Place, int First) Locate(Instruction instruction, Machine machine, int offset)
    {
        int before = 0;
        foreach (Run run in Runs(instruction, machine))
        {
            int within = offset - before;
            if (within < run.Bytes)
            {
                // A tile begins with its index, which is no element of a row.
                if (run.Tile >= 0 && within < IndexBytes) return (new WrittenPlace($"index of {run.Memory}", run.Tile, 0, 0, IndexBytes), before);
                int header = run.Tile >= 0 ? IndexBytes : 0;
                int element = (within - header) / run.ElementBytes;
                int perRow = run.RowBytes / run.ElementBytes;
                return (
                    new WrittenPlace(run.Memory, run.Tile, run.Row + (element / perRow), element % perRow, run.ElementBytes),
                    before + header + (element * run.ElementBytes));
            }

            before += run.Bytes;
        }

        throw new ArgumentOutOfRangeException(nameof(offset));
    }

    private static void Read(Run run, IMemoryView memories, Span<byte> to)
    {
        switch (run.Resource)
        {
            case Resource.Scratchpad: memories.ReadScratchpad(run.First, to); break;
            case Resource.Main: memories.ReadMain(run.First, to); break;
            case Resource.WeightSlot: memories.ReadTile((int)run.First, run.Tile, to); break;
            case Resource.AccumulatorHalf: memories.ReadAccumulators((int)run.First, to); break;
            case Resource.Parameters: memories.ReadParameters((int)run.First, to); break;
            case Resource.Table: memories.ReadTable((int)run.First, to); break;
            case Resource.RowScales: memories.ReadRowScales((int)run.First, to); break;
            default: throw new ArgumentOutOfRangeException(nameof(run));
        }
    }

    private static IEnumerable<Run> Runs(Instruction i, Machine machine) =>
        Accesses.Of(i, machine).Where(a => a.Writes).SelectMany(a => Runs(i, machine, a));

    private static IEnumerable<Run> Runs(Instruction i, Machine machine, Access access)
    {
        switch (access.Resource)
        {
            case Resource.Scratchpad:
                for (long row = 0; row < access.Rows; row++)
                {
                    yield return new(
                        access.Resource, $"scratchpad, {access.Operand}", access.First + (row * access.Stride), (int)access.RowLength,
                        (int)access.RowLength, ElementBytes(i, access.Operand), row);
                }

                break;
            case Resource.Main:
                yield return new(access.Resource, "main memory", access.First, (int)access.RowLength, (int)(i[Store.RowWords] * machine.WordBytes), 1);
                break;
            case Resource.WeightSlot:
                for (int tile = 0; tile < Tiles(i, machine); tile++)
                {
                    yield return new(
                        access.Resource, $"weight slot {access.First}", access.First, IndexBytes + (machine.Rows * machine.Columns), machine.Columns, 1, 0, tile);
                }

                break;
            case Resource.AccumulatorHalf:
                int rowBytes = machine.Columns * sizeof(int);
                yield return new(
                    access.Resource, $"accumulator half {access.First}", access.First, (int)i[Compute.Rows] * rowBytes, rowBytes, sizeof(int));
                break;
            case Resource.Parameters:
                yield return new(
                    access.Resource, "parameters", access.First, (int)access.RowLength * ParameterEntry.Bytes, ParameterEntry.Bytes, 1, access.First);
                break;
            case Resource.Table:
                yield return new(access.Resource, $"table {access.First}", access.First, DeviceState.TableBytes, DeviceState.TableBytes, 1);
                break;
            case Resource.RowScales:
                yield return new(access.Resource, "row scales", access.First, (int)access.RowLength * 4, 4, 1, access.First);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(access));
        }
    }

    private static int Tiles(Instruction i, Machine machine) => i.Opcode == Opcode.LoadWeights
        ? (int)i[LoadWeights.Tiles]
        : ((int)i[LoadDynamic.KLength] + machine.Rows - 1) / machine.Rows;

    private static int ElementBytes(Instruction i, string operand) => i.Opcode switch
    {
        Opcode.Requantize => i.Flag(Requantize.Wide) ? 2 : 1,
        Opcode.Map => i.Flag(Map.WideOutput) ? 2 : 1,
        Opcode.LayerNorm => operand == LayerNorm.Output16.Name ? 2 : 1,
        Opcode.Add => 2,
        _ => 1,
    };
}
