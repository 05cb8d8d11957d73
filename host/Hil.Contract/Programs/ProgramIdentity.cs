using System.Text;
using System.Text.Json;
using Hil.Contract.Machines;

namespace Hil.Contract.Programs;

/// <summary>The identity handshake: whether a program was made for this contract and this machine, and if not, what differs.</summary>
public static class ProgramIdentity
{
    /// <summary>Refuses a program of another contract or machine, with every difference and the command that mends it.</summary>
    /// <exception cref="HilException">Kind IdentityMismatch.</exception>
    public static void Require(ProgramImage program, Machine machine, string where)
    {
        IReadOnlyList<string> differences = Differences(program, machine);
        if (differences.Count == 0) return;
        throw new HilException(
            ExitKind.IdentityMismatch, $"The program does not belong to this machine:\n  {string.Join("\n  ", differences)}\n", where,
            $"Compile it anew: hil compile MODEL --machine {machine.Name} --out FILE.hilp");
    }

    /// <summary>One line for each thing that differs; empty where program and machine belong together.</summary>
    public static IReadOnlyList<string> Differences(ProgramImage program, Machine machine)
    {
        List<string> differences = [];
        if (program.ContractHash != Identity.ContractHash)
            differences.Add($"contract: the program has {Short(program.ContractHash)}, this version {Short(Identity.ContractHash)}");
        string machineHash = MachineFile.Hash(machine);
        if (program.MachineHash == machineHash) return differences;
        differences.Add($"machine: the program is for {program.MachineName} {Short(program.MachineHash)}, this is {machine.Name} {Short(machineHash)}");
        if (OwnMachine(program) is { } own) differences.AddRange(Differences(own, machine));
        return differences;
    }

    /// <summary>Key by key, what differs between the machine of a program, device or calibration and another; prose aside.</summary>
    public static IEnumerable<string> Differences(Machine theirs, Machine ours)
    {
        SortedDictionary<string, string> a = Values(theirs);
        SortedDictionary<string, string> b = Values(ours);
        return a.Keys.Union(b.Keys)
            .Where(k => a.GetValueOrDefault(k) != b.GetValueOrDefault(k))
            .Select(k => $"machine.{k}: the program has {a.GetValueOrDefault(k, "nothing")}, this machine {b.GetValueOrDefault(k, "nothing")}");
    }

    // The machine that the program carries, if it is readable and really the one it is bound to.
    private static Machine? OwnMachine(ProgramImage program)
    {
        if (!program.Metadata.TryGetValue(ProgramFile.MachineKey, out string? text)) return null;
        try
        {
            Machine machine = MachineFile.Parse(Encoding.UTF8.GetBytes(text), ProgramFile.MachineKey);
            return MachineFile.Hash(machine) == program.MachineHash ? machine : null;
        }
        catch (HilException)
        {
            return null;
        }
    }

    private static SortedDictionary<string, string> Values(Machine machine)
    {
        using var document = JsonDocument.Parse(MachineWriter.Write(machine, prose: false, indented: false));
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Collect(document.RootElement, "", values);
        return values;
    }

    private static void Collect(JsonElement element, string path, SortedDictionary<string, string> values)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
                Collect(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", values);
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in element.EnumerateArray()) Collect(item, $"{path}[{index++}]", values);
        }
        else
        {
            values.Add(path, element.GetRawText());
        }
    }

    private static string Short(string hash) => hash[..Math.Min(12, hash.Length)];
}
