using Hil.Contract.Isa;
using Hil.Contract.Records;

namespace Hil.Contract.Registers;

/// <summary>The registers of the core, from which RTL package, firmware header and docs/registers.md are made.</summary>
public static class RegisterMap
{
    /// <summary>Changes with every change of an offset or of a meaning.</summary>
    public const int Version = 2;

    /// <summary>The letters "HILC", first byte lowest.</summary>
    public const uint Magic = 0x434C4948;

    /// <summary>Bytes from offset 0 on that hold the identity, those without a register 0.</summary>
    public const int IdentityBytes = 0x80;

    /// <summary>The core's port for counters gives four halfwords of the identity for each selection from this one on; below it counters.</summary>
    public const int IdentitySelect = 48;

    /// <summary>Where the counters begin; counter n is 64 bits at this + 8n, low word first.</summary>
    public const int CounterBase = 0x200;

    /// <summary>All registers, in the order of their offsets.</summary>
    public static readonly IReadOnlyList<Register> All = Build();

    /// <summary>Names of the counters in the order of their registers.</summary>
    public static IReadOnlyList<string> CounterNames { get; } = [.. Zero().Named().Select(c => c.Name)];

    /// <summary>Counters that a machine with <c>counters: basic</c> has; the others read 0 there.</summary>
    public static IReadOnlyList<string> BasicCounterNames { get; } =
        [.. Units.Executing.Select(u => $"busy.{u}").Prepend("cycles")];

    public static Register Named(string name) =>
        All.FirstOrDefault(r => r.Name == name) ?? throw new ArgumentException($"There is no register {name}.", nameof(name));

    /// <summary>A set of counters that are all zero.</summary>
    public static Counters Zero()
    {
        long[] units = new long[Units.Count];
        return new Counters(
            0, units, units, units, new long[Units.Count * Units.Count], units, 0, 0, units, 0, 0, units, 0, 0, 0, 0, 0);
    }

    private static List<Register> Build()
    {
        List<Register> all =
        [
            Word("MAGIC", 0x000, "0x434C4948, the letters HILC"),
            Fields("VERSIONS", 0x004, RegisterAccess.ReadOnly, "versions of the contract's parts",
                new RegisterField("isa", 0, 8, "instruction set"), new RegisterField("numerics", 8, 8, "numerics"),
                new RegisterField("timing", 16, 8, "timing"), new RegisterField("registers", 24, 8, "this map")),
            Word("CLOCK_HZ", 0x008, "core clock in hertz"),
            new("CONTRACT_HASH", 0x010, 8, RegisterAccess.ReadOnly, "SHA-256 of the contract, first byte lowest", []),
            new("MACHINE_HASH", 0x030, 8, RegisterAccess.ReadOnly, "SHA-256 of the machine, first byte lowest", []),
            Fields("SHAPE", 0x050, RegisterAccess.ReadOnly, "the array and the lanes as built",
                new RegisterField("rows", 0, 8, "array rows"), new RegisterField("columns", 8, 8, "array columns"),
                new RegisterField("lanes", 16, 8, "vector lanes"), new RegisterField("word", 24, 8, "bytes of a scratchpad word")),
            Fields("SCRATCHPAD", 0x054, RegisterAccess.ReadOnly, "the scratchpad as built",
                new RegisterField("banks", 0, 8, "banks"), new RegisterField("bank", 8, 8, "base-2 logarithm of the bytes of a bank")),
            Fields("ACCUMULATOR", 0x058, RegisterAccess.ReadOnly, "accumulators and weights as built",
                new RegisterField("rows", 0, 16, "rows of an accumulator half"), new RegisterField("tiles", 16, 16, "tiles of a weight slot")),
            Fields("PARAMETERS", 0x05C, RegisterAccess.ReadOnly, "parameter and row-scale memories as built",
                new RegisterField("entries", 0, 16, "parameter entries"), new RegisterField("rowScales", 16, 16, "row-scale entries")),
            Fields("ISSUE", 0x060, RegisterAccess.ReadOnly, "issue as built",
                new RegisterField("queueDepth", 0, 8, "instructions a queue holds"), new RegisterField("fetchInstructions", 8, 8, "instructions of a fetch"),
                new RegisterField("dispatchCycles", 16, 8, "cycles of a dispatch"), new RegisterField("tableSlots", 24, 8, "table slots")),
            Fields("VECTOR", 0x064, RegisterAccess.ReadOnly, "vector unit as built",
                new RegisterField("normCycles", 0, 16, "cycles of a reciprocal square root"), new RegisterField("divideCycles", 16, 16, "cycles of a division")),
            Word("DEADLOCK_CYCLES", 0x068, "inactive cycles until trap Deadlock"),
            Fields("VECTOR_SLOT", 0x06C, RegisterAccess.ReadOnly, "the vector unit's slots as built",
                new RegisterField("roundCycles", 0, 8, "least cycles of a group for each rounding"),
                new RegisterField("statisticsCycles", 8, 8, "least cycles of a group in a first pass"),
                new RegisterField("lineCycles", 16, 8, "cycles of a row or column beside its groups"),
                new RegisterField("startCycles", 24, 8, "cycles of an instruction beside its rows")),
            Fields("CONTROL", 0x100, RegisterAccess.WriteOne, "what the controller may ask for",
                new RegisterField("start", 0, 1, "starts a segment; does nothing while busy"),
                new RegisterField("reset", 1, 1, "resets core and memory port, also while a segment runs; memories keep what they hold")),
            Fields("STATUS", 0x104, RegisterAccess.ReadOnly, "how the segment stands",
                new RegisterField("busy", 0, 1, "a segment runs, its counters are not whole yet, or the memory is not ready"),
                new RegisterField("done", 1, 1, "the last segment has ended"),
                new RegisterField("trapped", 2, 1, "the last segment trapped")),
            new("ENTRY", 0x108, 1, RegisterAccess.WriteOnly, "byte address of the first instruction, a multiple of 16 * fetchInstructions; stays as it is while a segment runs", []),
            new("COUNT", 0x10C, 1, RegisterAccess.WriteOnly, "instructions of the segment, END included; likewise", []),
            Fields("TRAP", 0x110, RegisterAccess.ReadOnly, "why the segment trapped",
                new RegisterField("reason", 0, 8, "0 for none, else a reason of isa.md")),
            Word("TRAP_INDEX", 0x114, "index of the instruction that trapped"),
        ];
        int offset = CounterBase;
        foreach (string name in CounterNamesFor())
        {
            all.Add(new($"COUNTER_{Upper(name)}", offset, 2, RegisterAccess.ReadOnly, $"{name}, 64 bits", []));
            offset += 8;
        }

        for (int i = 1; i < all.Count; i++)
        {
            if (all[i].Offset < all[i - 1].End) throw new EncodingException($"{all[i].Name} overlaps {all[i - 1].Name}.");
        }

        return all;
    }

    private static IEnumerable<string> CounterNamesFor() => Zero().Named().Select(c => c.Name);

    private static Register Word(string name, int offset, string meaning) =>
        new(name, offset, 1, RegisterAccess.ReadOnly, meaning, []);

    private static Register Fields(
        string name, int offset, RegisterAccess access, string meaning, params RegisterField[] fields)
    {
        int next = 0;
        foreach (RegisterField field in fields)
        {
            if (field.Lsb < next || field.Lsb + field.Width > 32)
                throw new EncodingException($"{name}.{field.Name} overlaps another field or leaves the register.");
            next = field.Lsb + field.Width;
        }

        return new(name, offset, 1, access, meaning, fields);
    }

    // busy.Load -> BUSY_LOAD, dispatchBusy -> DISPATCH_BUSY.
    private static string Upper(string name) => string.Concat(name.Select((c, i) =>
        c == '.' ? "_" : char.IsUpper(c) && i > 0 && name[i - 1] != '.' ? $"_{c}" : char.ToUpperInvariant(c).ToString()));
}
