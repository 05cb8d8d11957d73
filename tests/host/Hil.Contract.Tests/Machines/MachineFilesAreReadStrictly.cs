using System.Text;
using System.Text.Json.Nodes;
using Hil.Contract.Machines;

namespace Hil.Contract.Tests.Machines;

public sealed class MachineFilesAreReadStrictly
{
    public static TheoryData<string> Names() => [.. MachineFile.BundledNames];

    public static TheoryData<string, string, string> Broken() => new()
    {
        { "array.rows", "3", "power of two" },
        { "array.rows", "128", "1 to 64" },
        { "array.columns", "0", "1 to 64" },
        { "array.columns", "1.5", "whole number" },
        { "array.columns", "\"2\"", "whole number" },
        { "array.columns", "99999999999999999999", "whole number" },
        { "scratchpad.wordBytes", "256", "4 to 128" },
        { "scratchpad.bankBytes", "16777216", "scratchpad addresses" },
        { "scratchpad.bankBytes", "1000", "power of two" },
        { "vector.lanes", "64", "columns of the array" },
        { "vector.roundCycles", "-1", "0 to" },
        { "vector.statisticsCycles", "256", "0 to" },
        { "vector.lineCycles", "-1", "0 to" },
        { "vector.startCycles", "0", "1 to" },
        { "vector.normCycles", "0", "1 to" },
        { "issue.fetchInstructions", "64", "fetch of 64" },
        { "issue.queueDepth", "-1", "1 to 64" },
        { "parameterEntries", "4097", "2 to 4096" },
        { "parameterEntries", "255", "even" },
        { "tableSlots", "9", "1 to 8" },
        { "accumulatorRows", "null", "null" },
        { "simulationOnly", "0", "true or false" },
        { "counters", "\"Basic\"", "basic, full" },
        { "schema", "\"hil.machine/2\"", "hil.machine/1" },
        { "name", "\"../x\"", "lower-case" },
        { "name", "\"\\ud800\"", "Unicode" },
        { "regions", "[]", "1 to 8" },
        { "regions", "{}", "not a list" },
        { "regions.0", "7", "not an object" },
        { "regions.0.bytes", "4294967297", "1024 to 4294967296" },
        { "regions.0.base", "4294967040", "multiples|beyond" },
        { "regions.0.beatBytes", "64", "1 to 16" },
        { "regions.0.source", "\"\"", "data sheet" },
        { "regions.0.pageBytes", "1000", "power of two" },
        { "energy.staticMilliwatts", "-1", "0 to" },
        { "energy.staticMilliwatts", "1e999", "not a number" },
        { "energy", "null", "not an object" },
        { "energy.staticMilliwatts", "\"x\"", "not a number" },
        { "energy.staticMilliwatts", "true", "true or false, not a number" },
        { "array.rows", "8", "at least the rows and the columns" },
        { "array.rows", "[4]", "a list, not a whole number" },
        { "array.rows", "{}", "an object, not a whole number" },
        { "regions.0.beatBytes", "4", "weights of one row" },
        { "regions.0.pageCycles", "3", "must be 0 where pageBytes is 0" },
        { "regions.0.writeLatencyCycles", "3", "not writable" },
        { "name", "\"\"", "lower-case" },
        { "name", "\"a123456789a123456789a123456789a123456789a123456789a123456789a123456789\"", "at most 64" },
        { "name", "5", "not a text" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bundled_machine_survives_writing_and_reading(string name)
    {
        Machine machine = MachineFile.Bundled(name);

        Machine again = MachineFile.Parse(MachineFile.Write(machine), "again");

        Assert.Equal(name, machine.Name);
        Assert.Equal(MachineFile.Write(machine), MachineFile.Write(again));
        Assert.Equal(MachineFile.Hash(machine), MachineFile.Hash(again));
    }

    [Fact]
    public void Every_bundled_machine_has_a_hash_of_its_own() =>
        Assert.Equal(4, MachineFile.BundledNames.Select(MachineFile.Bundled).Select(MachineFile.Hash).Distinct().Count());

    [Fact]
    public void The_hash_ignores_prose_and_nothing_else()
    {
        Machine machine = MachineFile.Bundled("icebreaker");

        Assert.Equal(MachineFile.Hash(machine), MachineFile.Hash(machine with { Description = "other" }));
        Assert.NotEqual(MachineFile.Hash(machine), MachineFile.Hash(machine with { WeightTiles = 63 }));
        Assert.NotEqual(MachineFile.Hash(machine), MachineFile.Hash(machine with { Regions = [machine.Regions[0] with { ReadLatencyCycles = 17 }] }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_key_is_refused_wherever_it_is(string name)
    {
        foreach (string path in Paths(Json(name)))
        {
            JsonNode json = Json(name);
            JsonObject owner = (JsonObject)Find(json, path, out string key);
            owner.Remove(key);

            HilException e = Assert.Throws<HilException>(() => Parse(json.ToJsonString()));

            Assert.Equal(ExitKind.BadInput, e.Kind);
            Assert.Contains($"{key} is missing", e.What, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_unknown_key_is_refused_wherever_it_is()
    {
        foreach (string path in Paths(Json("ulx3s-85f")))
        {
            JsonNode json = Json("ulx3s-85f");
            JsonObject owner = (JsonObject)Find(json, path, out _);
            owner["surprise"] = 1;

            HilException e = Assert.Throws<HilException>(() => Parse(json.ToJsonString()));

            Assert.Contains("surprise is not a key", e.What, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_value_out_of_range_or_of_another_kind_is_refused_by_name(string path, string value, string says)
    {
        const string marker = "\"\\u0000here\"";
        JsonNode json = Json("icebreaker");
        JsonNode owner = Find(json, path, out string key);
        if (owner is JsonArray list) list[int.Parse(key)] = "\0here";
        else owner[key] = "\0here";
        string text = json.ToJsonString().Replace(marker, value, StringComparison.Ordinal);

        HilException e = Assert.Throws<HilException>(() => Parse(text));

        Assert.Equal(ExitKind.BadInput, e.Kind);
        Assert.Matches(says, e.What);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("nul")]
    [InlineData("{\"schema\":\"hil.machine/1\",\"schema\":\"hil.machine/1\"}")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void What_is_no_machine_is_refused(string text) =>
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => Parse(text)).Kind);

    [Fact]
    public void A_duplicate_key_is_refused()
    {
        string text = Json("icebreaker").ToJsonString();

        HilException e = Assert.Throws<HilException>(() => Parse(text[..^1] + ",\"weightTiles\":64}"));

        Assert.Contains("weightTiles", e.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Overlapping_regions_are_refused()
    {
        Machine machine = MachineFile.Bundled("icebreaker");
        MemoryRegion flash = machine.Regions[0];
        Machine overlapping = machine with { Regions = [flash, flash with { Name = "second", Base = flash.Bytes - 4096 }] };
        Machine adjacent = machine with { Regions = [flash, flash with { Name = "second", Base = flash.Bytes }] };

        Assert.Throws<HilException>(() => MachineFile.Parse(MachineFile.Write(overlapping), "overlapping"));
        Assert.Equal(2, MachineFile.Parse(MachineFile.Write(adjacent), "adjacent").Regions.Count);
    }

    [Fact]
    public void A_flipped_bit_gives_an_error_or_a_machine_but_nothing_else()
    {
        byte[] good = MachineFile.Write(MachineFile.Bundled("icebreaker"));
        int refused = 0;
        for (int bit = 0; bit < good.Length * 8; bit += 7)
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                MachineFile.Hash(MachineFile.Parse(bad, "flipped"));
            }
            catch (HilException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, good.Length / 7, good.Length * 8 / 7);
    }

    [Fact]
    public void Two_regions_of_one_name_or_beyond_main_memory_are_refused()
    {
        Machine machine = MachineFile.Bundled("icebreaker");
        MemoryRegion flash = machine.Regions[0];
        Machine twice = machine with { Regions = [flash, flash with { Base = flash.Bytes }] };
        Machine beyond = machine with { Regions = [flash with { Base = (1L << 32) - 4096, Bytes = 8192 }] };

        Assert.Contains("twice", Assert.Throws<HilException>(() => MachineFile.Parse(MachineFile.Write(twice), "twice")).What, StringComparison.Ordinal);
        Assert.Contains("beyond", Assert.Throws<HilException>(() => MachineFile.Parse(MachineFile.Write(beyond), "beyond")).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_is_loaded_by_name_or_by_path_with_or_without_a_byte_order_mark()
    {
        byte[] bytes = MachineFile.Write(MachineFile.Bundled("icebreaker"));
        string path = Path.Combine(Path.GetTempPath(), $"hil-machine-{Environment.ProcessId}.json");
        try
        {
            File.WriteAllBytes(path, [0xEF, 0xBB, 0xBF, .. bytes]);
            Assert.Equal(bytes, MachineFile.Write(MachineFile.Load(path)));
            Assert.Equal(bytes, MachineFile.Write(MachineFile.Load("icebreaker")));
            File.WriteAllBytes(path, new byte[(1 << 20) + 1]);
            Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => MachineFile.Load(path)).Kind);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal(ExitKind.Usage, Assert.Throws<HilException>(() => MachineFile.Load(path)).Kind);
        Assert.Throws<ArgumentException>(() => MachineFile.Bundled("nothing"));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        HilException e = Assert.Throws<HilException>(() => MachineFile.Load("icebraker"));

        Assert.Equal(ExitKind.Usage, e.Kind);
        Assert.Contains("icebreaker", e.WhatToDo, StringComparison.Ordinal);
    }

    private static Machine Parse(string text) => MachineFile.Parse(Encoding.UTF8.GetBytes(text), "test.json");

    private static JsonNode Json(string name) => JsonNode.Parse(MachineFile.Write(MachineFile.Bundled(name)))!;

    private static JsonNode Find(JsonNode json, string path, out string key)
    {
        string[] parts = path.Split('.');
        JsonNode node = json;
        foreach (string part in parts[..^1]) node = node is JsonArray list ? list[int.Parse(part)]! : node[part]!;
        key = parts[^1];
        return node;
    }

    private static IEnumerable<string> Paths(JsonNode node, string prefix = "")
    {
        if (node is JsonObject o)
        {
            foreach ((string key, JsonNode? value) in o)
            {
                yield return prefix + key;
                foreach (string inner in Paths(value!, $"{prefix}{key}.")) yield return inner;
            }
        }
        else if (node is JsonArray list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                foreach (string inner in Paths(list[i]!, $"{prefix}{i}.")) yield return inner;
            }
        }
    }
}
