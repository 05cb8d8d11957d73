using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hil.Contract;

namespace Hil.Jobs.Bitstreams;

/// <summary>Which netlist it is that was placed.</summary>
public static class NetlistIdentity
{
    /// <summary>
    /// SHA-256 of the top module of a netlist as Yosys writes it in JSON: ports, and cells with their names, kinds, parameters and nets. Attributes, which name
    /// the sources' places on this computer, and names of nets are no part of it.
    /// </summary>
    /// <exception cref="HilException">There is no such module.</exception>
    public static string Hash(string netlistFile, string top)
    {
        using JsonDocument netlist = JsonDocument.Parse(File.ReadAllBytes(netlistFile));
        if (!netlist.RootElement.GetProperty("modules").TryGetProperty(top, out JsonElement module))
            throw new HilException(ExitKind.BadInput, $"There is no module {top}.", netlistFile, "Build it again with hil build.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (JsonProperty port in module.GetProperty("ports").EnumerateObject())
            Add($"port {port.Name} {Word(port.Value, "direction")} {Raw(port.Value, "bits")}\n");
        foreach (JsonProperty cell in module.GetProperty("cells").EnumerateObject())
            Add($"cell {cell.Name} {Word(cell.Value, "type")} {Raw(cell.Value, "parameters")} {Raw(cell.Value, "connections")}\n");
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string line) => hash.AppendData(Encoding.UTF8.GetBytes(line));

        static string Word(JsonElement of, string key) => of.GetProperty(key).GetString()!;

        static string Raw(JsonElement of, string key) => string.Concat(of.GetProperty(key).GetRawText().Where(c => !char.IsWhiteSpace(c)));
    }
}
