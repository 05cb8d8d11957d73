using System.Globalization;
using Hil.Contract.Isa;

namespace Hil.Contract.Records;

/// <summary>One retired instruction as every device writes it, so that two runs can be compared line by line.</summary>
/// <param name="WrittenBytes">Bytes of all that the instruction wrote, as they are in the cycle after it retired.</param>
/// <param name="Checksum">CRC-32 (ISO-HDLC) of these, in the order of the instruction's outputs, row by row.</param>
public readonly record struct TraceLine(Retirement Retirement, Opcode Opcode, long WrittenBytes, uint Checksum)
{
    /// <summary>What stands above the columns.</summary>
    public const string Header = "  index unit    opcode                start     retire    bytes crc32";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Retirement.Index,7} {Retirement.Unit,-7} {InstructionSet.Find(Opcode)?.Name,-15} {Retirement.Start,11} {Retirement.Retire,10} {WrittenBytes,8} {Checksum:x8}");
}
