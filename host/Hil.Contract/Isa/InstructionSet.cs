namespace Hil.Contract.Isa;

/// <summary>All instructions, by opcode; the one list from which decoders, printers and documents are made.</summary>
public static class InstructionSet
{
    /// <summary>Changes with every change of an encoding or of a meaning.</summary>
    public const int Version = 1;

    public static readonly IReadOnlyList<InstructionDefinition> All =
    [
        End.Definition,
        Load.Definition, LoadWeights.Definition, LoadDynamic.Definition, LoadParameters.Definition, LoadTable.Definition,
        Compute.Definition,
        Requantize.Definition, LayerNorm.Definition, Softmax.Definition, Map.Definition, Add.Definition,
        Store.Definition,
    ];

    /// <summary>Opcodes kept for later versions; today they trap as illegal.</summary>
    public static readonly IReadOnlyList<(Opcode Code, string Name, string Meaning)> Reserved =
    [
        (Opcode.LoadWeightsInt4, "LOAD_WEIGHTS_INT4", "weights of 4 bits with group scales"),
        (Opcode.LoadWeightsNm, "LOAD_WEIGHTS_NM", "N:M weights with lane indices"),
        (Opcode.ComputeSkipping, "COMPUTE_SKIPPING", "a strip that does not stream all-zero row slices"),
    ];

    private static readonly InstructionDefinition?[] ByOpcode = Index();

    /// <summary>The definition of an opcode, or null if it is illegal.</summary>
    public static InstructionDefinition? Find(Opcode code) => (int)code < ByOpcode.Length ? ByOpcode[(int)code] : null;

    private static InstructionDefinition?[] Index()
    {
        var table = new InstructionDefinition?[64];
        foreach (InstructionDefinition definition in All)
        {
            if (table[(int)definition.Code] is not null)
            {
                throw new EncodingException($"Opcode {definition.Code} is declared twice.");
            }

            table[(int)definition.Code] = definition;
        }

        return table;
    }
}
