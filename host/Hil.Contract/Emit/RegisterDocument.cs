using System.Text;
using Hil.Contract.Registers;

namespace Hil.Contract.Emit;

/// <summary>Writes docs/registers.md.</summary>
public static class RegisterDocument
{
    public const string Path = "docs/registers.md";

    private const string Introduction = """
        # Registers and counters

        Generated from `host/Hil.Contract/Registers`; do not edit. Registers of the core are 32 bits wide; offsets are in bytes.
        The controller sees them in its address space; MAGIC tells it that a core is there, the two hashes which one. `fpga/rtl/registers/hil_registers.sv` has them for a bus
        of bytes, `hil_registers_word.sv` beside it for one of words, which are read and written as wholes. What has no register reads 0, and writing it does nothing.

        | offset | name | access | meaning |
        |---|---|---|---|

        """;

    private const string Counters = """

        ## Counters

        Counter n is 64 bits wide at 0x200 + 8n, low word first; reading the lowest byte latches the others, until that of another counter is read. All are set to 0
        at START and stand still from DONE on. Those of a machine with `counters: basic` are not latched; they and
        the identity, which lies in one memory with them, are right only while STATUS.busy is 0. What each counts stands in [timing.md](timing.md), sections 4, 5, 7 and 11. A machine with `counters: basic` has those marked *basic*; the others read 0 there.

        | index | offset | counter | |
        |---|---|---|---|

        """;

    public static string Emit()
    {
        var text = new StringBuilder(Introduction);
        foreach (Register r in RegisterMap.All.Where(r => r.Offset < RegisterMap.CounterBase))
        {
            string words = r.Words > 1 ? $" ({r.Words} words)" : "";
            text.Append($"| 0x{r.Offset:X3} | {r.Name}{words} | {Spell(r.Access)} | {r.Meaning} |\n");
        }

        text.Append("\n## Fields\n\n| register | field | bits | meaning |\n|---|---|---|---|\n");
        foreach (Register r in RegisterMap.All)
        {
            foreach (RegisterField f in r.Fields)
            {
                string bits = f.Width == 1 ? $"{f.Lsb}" : $"{f.Lsb + f.Width - 1}:{f.Lsb}";
                text.Append($"| {r.Name} | `{f.Name}` | {bits} | {f.Meaning} |\n");
            }
        }

        text.Append(Counters);
        for (int i = 0; i < RegisterMap.CounterNames.Count; i++)
        {
            string name = RegisterMap.CounterNames[i];
            text.Append($"| {i} | 0x{RegisterMap.CounterBase + (8 * i):X3} | `{name}` | {(RegisterMap.BasicCounterNames.Contains(name) ? "basic" : "")} |\n");
        }

        return text.ToString();
    }

    private static string Spell(RegisterAccess access) => access switch
    {
        RegisterAccess.ReadOnly => "read",
        RegisterAccess.WriteOnly => "write",
        _ => "write 1",
    };
}
