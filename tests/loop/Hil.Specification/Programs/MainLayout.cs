using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Specification.Programs;

/// <summary>
/// Places the image in a region, constants in the image, host data and stored rows elsewhere. Places lie across burst and page borders on purpose.
/// </summary>
internal sealed class MainLayout
{
    private const int Alignment = 16;

    /// <summary>Bytes set aside for host data and stored rows, in every region in which there is room.</summary>
    private const int PoolBytes = 4096;

    private readonly Dice _dice;
    private readonly List<byte> _constants = [];
    private readonly List<HostWrite> _hostWrites = [];
    private readonly List<(MemoryRegion Region, long Base)> _pools = [];
    private readonly MemoryRegion _region;
    private readonly long _instructionBytes;

    public MainLayout(Machine machine, Dice dice, int instructionCount)
    {
        _dice = dice;
        _region = dice.Of<MemoryRegion>([.. machine.Regions]);
        long fetchBytes = (long)Instruction.Bytes * machine.Issue.FetchInstructions;
        _instructionBytes = RoundUp((long)Instruction.Bytes * instructionCount, fetchBytes);
        long slack = Math.Max(fetchBytes, Math.Min(_region.Bytes / 8, 16 * 1024));
        long imageBase = RoundUp(_region.Base + dice.Between(0L, slack), fetchBytes);
        if (_region.PageBytes > 0 && dice.OneIn(2))
        {
            // Just below a page border.
            long border = RoundUp(imageBase, Math.Max(_region.PageBytes, fetchBytes));
            imageBase = Math.Max(imageBase, border - fetchBytes);
        }

        ImageBase = imageBase;
        foreach (MemoryRegion region in machine.Regions)
        {
            long pool = region.Base + ((region.Bytes - PoolBytes) / Alignment * Alignment);
            if (region.Bytes >= 4 * PoolBytes && (region.Writable || region != _region))
            {
                _pools.Add((region, pool));
                _hostWrites.Add(new HostWrite(pool, dice.Bytes(PoolBytes)));
            }
        }

        ConstantLimit = Math.Min(
            256 * 1024, _region.Base + _region.Bytes - PoolBytes - _instructionBytes - imageBase - (2 * fetchBytes));
        InstructionsFirst = dice.OneIn(2);
    }

    public long ImageBase { get; }

    public bool InstructionsFirst { get; }

    public IReadOnlyList<HostWrite> HostWrites => _hostWrites;

    public bool CanStore => _pools.Any(p => p.Region.Writable);

    private long ConstantLimit { get; }

    private long ConstantBase => ImageBase + (InstructionsFirst ? _instructionBytes : 0);

    /// <summary>Room for constants of so many bytes is left.</summary>
    public bool HasRoom(long bytes) => _constants.Count + bytes + 512 <= ConstantLimit;

    /// <summary>Adds constants and returns their address.</summary>
    public uint AddConstants(byte[] bytes)
    {
        while (_constants.Count % Alignment != 0 || _dice.OneIn(3))
        {
            _constants.Add(0xA5);
        }

        long address = ConstantBase + _constants.Count;
        _constants.AddRange(bytes);
        return checked((uint)address);
    }

    /// <summary>An address in the pool of some region, or null if there is none for so many bytes.</summary>
    public uint? PoolAddress(long bytes, bool writable)
    {
        (MemoryRegion Region, long Base)[] pools = [.. _pools.Where(p => p.Region.Writable || !writable)];
        if (pools.Length == 0 || bytes > PoolBytes)
        {
            return null;
        }

        return checked((uint)(_dice.Of(pools).Base + _dice.Aligned(PoolBytes - bytes, Alignment)));
    }

    /// <summary>The whole image with the instructions in place, and the entry.</summary>
    public (byte[] Image, uint Entry) Build(IReadOnlyList<Instruction> instructions, int fetchInstructions)
    {
        long fetchBytes = (long)Instruction.Bytes * fetchInstructions;
        long entry = InstructionsFirst ? ImageBase : RoundUp(ImageBase + _constants.Count, fetchBytes);
        long end = Math.Max(entry + (Instruction.Bytes * instructions.Count), ConstantBase + _constants.Count);
        var image = new byte[end - ImageBase];
        _constants.CopyTo(image, (int)(ConstantBase - ImageBase));
        for (int i = 0; i < instructions.Count; i++)
        {
            instructions[i].WriteTo(image.AsSpan((int)(entry - ImageBase) + (i * Instruction.Bytes)));
        }

        return (image, checked((uint)entry));
    }

    private static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
