namespace Hil.Contract.Registers;

public enum RegisterAccess
{
    /// <summary>Constant or status; writes do nothing.</summary>
    ReadOnly,

    /// <summary>Keeps what is written, for the core alone; reads give 0.</summary>
    WriteOnly,

    /// <summary>Writing ones acts; reads give 0.</summary>
    WriteOne,
}

/// <summary>One bit range of a register.</summary>
public sealed record RegisterField(string Name, int Lsb, int Width, string Meaning);

/// <summary>A 32-bit register of the core, or a run of <c>Words</c> of them, at a byte offset.</summary>
public sealed record Register(
    string Name, int Offset, int Words, RegisterAccess Access, string Meaning, IReadOnlyList<RegisterField> Fields)
{
    public int End => Offset + (4 * Words);
}
