namespace Hil.Contract.Verification;

/// <summary>The rule of legality that a finding is about.</summary>
public enum FindingKind
{
    /// <summary>An instruction that would trap.</summary>
    Form,

    /// <summary>END is not exactly the last instruction.</summary>
    End,

    /// <summary>An operand outside of its bank, region or machine, or rows of an output over one another.</summary>
    Range,

    /// <summary>Weights, parameters, tables or instructions that are not, or do not stay, in the image.</summary>
    Image,

    /// <summary>Tile indices that do not increase, or a COMPUTE whose tiles are not those of its slot.</summary>
    Tiles,

    /// <summary>An output that lies over an operand of the same instruction.</summary>
    Overlap,

    /// <summary>Two units may touch the same thing at the same time.</summary>
    Race,

    /// <summary>A wait that no earlier post can satisfy: a deadlock.</summary>
    Deadlock,

    /// <summary>A token counter that may pass its limit.</summary>
    Overflow,

    /// <summary>An input, output or observable that does not lie in the machine's memories.</summary>
    Place,
}

/// <summary>One reason why a program is not legal.</summary>
/// <param name="Instruction">Index, or −1 where the finding is about the program.</param>
public sealed record Finding(int Instruction, FindingKind Kind, string Text)
{
    public override string ToString() => Instruction < 0 ? $"{Kind}: {Text}" : $"instruction {Instruction}: {Kind}: {Text}";
}
