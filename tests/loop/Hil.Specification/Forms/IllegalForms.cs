using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Specification.Forms;

/// <summary>One illegal instruction, the rule it breaks, and the trap that must follow.</summary>
public sealed record IllegalForm(string Rule, Instruction Instruction, TrapReason Reason);

/// <summary>
/// Every way in which one field of a legal instruction can break one rule on a machine. What a machine's fields cannot express (an index beyond 4096
/// entries) is not there.
/// </summary>
public static class IllegalForms
{
    public static IReadOnlyList<IllegalForm> On(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var list = new FormList();
        AddOpcodes(list);
        foreach (InstructionDefinition definition in InstructionSet.All)
        {
            Instruction legal = Legal(definition);
            AddReservedBits(list, definition, legal);
            AddOwnTokens(list, definition, legal);
        }

        LoadForms.Add(list, machine);
        VectorForms.Add(list, machine);

        // Where nothing can be stored, that comes before anything else that is wrong with a STORE.
        bool stores = machine.Regions.Any(r => r.Writable);
        return [.. list.Forms.Select(f => stores || f.Instruction.Opcode != Opcode.Store ? f : f with { Reason = TrapReason.NotOnThisMachine })];
    }

    /// <summary>The smallest legal form of an instruction, on every machine (STORE: on those with a writable region).</summary>
    public static Instruction Legal(InstructionDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Instruction i = Instruction.Of(definition);
        return definition.Code switch
        {
            Opcode.Load => i.With(Load.Rows, 1).With(Load.RowWords, 1),
            Opcode.Store => i.With(Store.Rows, 1).With(Store.RowWords, 1),
            Opcode.LoadWeights => i.With(LoadWeights.Tiles, 1),
            Opcode.LoadDynamic => i.With(LoadDynamic.KLength, 1).With(LoadDynamic.Columns, 1),
            Opcode.LoadParameters => i.With(LoadParameters.Count, 2),
            Opcode.Compute => i.With(Compute.Rows, 1),
            Opcode.Requantize => i.With(Requantize.Rows, 1).With(Requantize.Columns, 1),
            Opcode.LayerNorm => i.With(LayerNorm.Rows, 1).With(LayerNorm.Columns, 1).With(LayerNorm.Write16, 1),
            Opcode.Softmax => i.With(Softmax.Rows, 1).With(Softmax.Columns, 1),
            Opcode.Map => i.With(Map.Rows, 1).With(Map.Columns, 1),
            Opcode.Add => i.With(Add.Rows, 1).With(Add.Columns, 1),
            _ => i,
        };
    }

    private static void AddOpcodes(FormList list)
    {
        for (int code = 0; code < 64; code++)
        {
            if (InstructionSet.Find((Opcode)code) is null)
            {
                list.Add($"opcode 0x{code:X2}", new Instruction((UInt128)code), TrapReason.IllegalOpcode);
            }
        }
    }

    private static void AddReservedBits(FormList list, InstructionDefinition definition, Instruction legal)
    {
        for (int bit = 0; bit < Instruction.Bits; bit++)
        {
            if ((definition.UsedBits >> bit & 1) == 0)
            {
                list.Add($"{definition.Name} bit {bit}", new Instruction(legal.Word | (UInt128.One << bit)), TrapReason.ReservedBits);
            }
        }
    }

    private static void AddOwnTokens(FormList list, InstructionDefinition definition, Instruction legal)
    {
        for (int u = 0; u < Units.Count; u++)
        {
            if (definition.Unit == Unit.Control || (int)definition.Unit == u)
            {
                list.Add($"{definition.Name} waits for {(Unit)u}", legal.With(Common.Wait, 1u << u), TrapReason.OwnUnitToken);
                list.Add($"{definition.Name} posts to {(Unit)u}", legal.With(Common.Post, 1u << u), TrapReason.OwnUnitToken);
            }
        }
    }
}

/// <summary>Collects forms; one whose value does not fit its field is left out.</summary>
internal sealed class FormList
{
    private readonly List<IllegalForm> _forms = [];

    public IReadOnlyList<IllegalForm> Forms => _forms;

    public void Add(string rule, Instruction instruction, TrapReason reason) => _forms.Add(new IllegalForm(rule, instruction, reason));

    public void Set(Instruction legal, TrapReason reason, params ReadOnlySpan<(Field Field, long Value)> values)
    {
        Instruction form = legal;
        string rule = legal.Opcode.ToString();
        foreach ((Field field, long value) in values)
        {
            if (value < 0 || value >> field.Width != 0)
            {
                return;
            }

            form = form.With(field, (uint)value);
            rule += $" {field.Name}={value}";
        }

        Add(rule, form, reason);
    }
}
