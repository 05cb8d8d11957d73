using System.Text;
using Hil.Contract.Isa;

namespace Hil.Contract.Emit;

/// <summary>Writes docs/isa.md.</summary>
public static class IsaDocument
{
    public const string Path = "docs/isa.md";

    private const string Introduction = """
        # Instruction set

        Generated from `host/Hil.Contract/Isa`; do not edit. What the formulas compute stands in [numerics.md](numerics.md), when an instruction
        starts and how long it takes in [timing.md](timing.md).

        An instruction is 128 bits, little-endian in memory. Symbols: `R` array rows, `C` array columns, `L` vector lanes, `W` bytes of a scratchpad
        word, all from the machine file; `M` rows, `N` columns and `T` tiles of the instruction. Addresses are in bytes, strides in words. A tensor in
        the scratchpad lies in one bank. *Dense* means that a row of N elements of e bytes takes `ceil(N*e/W)` words.

        ## Fields that every instruction has

        """;

    private const string FormIntroduction = """
        ## Form rules

        The dispatcher checks every instruction, in this order; the first rule that fails is the reason of the trap. Rules of one instruction are
        listed with it, in the order in which they are checked.

        | reason | number | rule |
        |---|---|---|

        """;

    private static readonly Dictionary<TrapReason, string> Rules = new Dictionary<TrapReason, string>
    {
        [TrapReason.IllegalOpcode] = "the opcode is one of those below; reserved ones are illegal in this version",
        [TrapReason.NotOnThisMachine] = "the machine has the unit",
        [TrapReason.ReservedBits] = "bits without a meaning are zero",
        [TrapReason.OwnUnitToken] = "an instruction neither waits for nor posts to its own unit; END does neither at all",
        [TrapReason.CountOutOfRange] = "counts are in the ranges given with the instruction",
        [TrapReason.Misaligned] = "addresses and indices are aligned as given with the instruction",
        [TrapReason.IndexOutOfRange] = "parameter entries, row scales and tables exist on the machine",
        [TrapReason.IllegalFlags] = "flags go together",
    };

    private const string VerifierRules = """

        Ranges of scratchpad and main memory are no matter of form: the verifier (`Hil.Contract.Verification.Verifier`) proves them before a program
        runs. A program is legal if, besides its forms,

        - END is its last instruction and its only one, and its entry is a multiple of 16 * `fetchInstructions`;
        - every scratchpad operand lies in one bank, every main-memory operand in one region, a STORE in a writable one and outside of the image;
          weights and tables are read from the image, parameters from there or from an input (the bitmaps of masks); no input lies over the image;
        - the rows of an output do not lie over one another, and an output lies apart from the other operands of its instruction but where the
          notes allow that it is one of them;
        - tile indices increase strictly, a COMPUTE with T > 0 has the T of its slot, and its rows, up to the highest index, stay in the bank;
        - every wait has an earlier post in program order (the k-th wait on a pair of units matches the k-th post), so that it cannot deadlock;
        - every two accesses of different units to one bank, and every two to one slot, half, entry, table or byte of main memory of which one
          writes, are ordered by tokens;
        - no token counter can pass 15, whatever the durations.

        """;

    public static string Emit()
    {
        var text = new StringBuilder(Introduction);
        text.Append("\n| field | bits | meaning |\n|---|---|---|\n");
        foreach (Field field in new[] { Common.Opcode, Common.Wait, Common.Post }) Row(text, field);
        text.Append("\nBits of `wait` and `post`, from the lowest: ").AppendJoin(", ", Units.Executing).Append(".\n\n## Instructions\n\n");
        text.Append("| opcode | name | unit |\n|---|---|---|\n");
        foreach (InstructionDefinition d in InstructionSet.All) text.Append($"| 0x{(int)d.Code:X2} | [{d.Name}](#{d.Name.ToLowerInvariant()}) | {d.Unit} |\n");
        text.Append("\nReserved for later versions; today they trap as `IllegalOpcode`:\n\n| opcode | name | meaning |\n|---|---|---|\n");
        foreach ((Opcode code, string name, string meaning) in InstructionSet.Reserved) text.Append($"| 0x{(int)code:X2} | {name} | {meaning} |\n");
        text.Append('\n').Append(FormIntroduction);
        foreach (TrapReason reason in Enum.GetValues<TrapReason>())
        {
            if (Rules.TryGetValue(reason, out string? rule)) text.Append($"| `{reason}` | {(int)reason} | {rule} |\n");
        }

        text.Append("\nTwo more reasons arise while a program runs (timing, sections 4 and 8): ");
        text.AppendJoin(", ", Enum.GetValues<TrapReason>().Where(r => r != TrapReason.None && !Rules.ContainsKey(r)).Select(r => $"`{r}` {(int)r}")).Append(".\n");
        text.Append(VerifierRules);
        foreach (InstructionDefinition definition in InstructionSet.All) Section(text, definition);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Section(StringBuilder text, InstructionDefinition definition)
    {
        text.Append($"\n## {definition.Name}\n\nUnit {definition.Unit}, opcode 0x{(int)definition.Code:X2}.\n\n");
        if (definition.Fields.Count > 0)
        {
            text.Append("**Format**\n\n| field | bits | meaning |\n|---|---|---|\n");
            foreach (Field field in definition.Fields) Row(text, field);
            text.Append('\n');
        }

        text.Append($"**Action.** {definition.Action}\n\n");
        if (definition.Notes.Length > 0) text.Append($"**Notes.** {definition.Notes}\n\n");
        IReadOnlyList<FormRule> rules = FormRules.Of(definition.Code);
        if (rules.Count > 0)
        {
            text.Append("**Form rules**\n\n");
            foreach (FormRule rule in rules) text.Append($"- `{rule.Reason}` unless {rule.Text}\n");
            text.Append('\n');
        }

        text.Append($"**Duration.** {definition.Duration}\n");
    }

    private static void Row(StringBuilder text, Field field)
    {
        string bits = field.Width == 1 ? $"{field.Lsb}" : $"{field.Lsb + field.Width - 1}:{field.Lsb}";
        text.Append($"| `{field.Name}` | {bits} | {field.Meaning} |\n");
    }
}
