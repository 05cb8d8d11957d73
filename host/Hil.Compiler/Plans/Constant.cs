namespace Hil.Compiler.Plans;

/// <summary>Bytes of the image that a load reads. Placed where it is first needed in execution order; a constant used twice lies there once.</summary>
internal sealed class Constant(byte[] bytes)
{
    /// <summary>The host writes the bytes for each sample: they lie before the image.</summary>
    public bool IsGiven { get; init; }

    public byte[] Bytes { get; } = bytes;

    /// <summary>Byte address in main memory; −1 before emission.</summary>
    public long Address { get; set; } = -1;
}
