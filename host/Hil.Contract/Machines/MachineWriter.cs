using System.Text.Json;
using Hil.Contract.Json;

namespace Hil.Contract.Machines;

/// <summary>Writes a machine with its keys in one fixed order.</summary>
internal static class MachineWriter
{
    public static byte[] Write(Machine m, bool prose, bool indented)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = indented,
            NewLine = "\n",
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var json = new Utf8JsonWriter(stream, options))
        {
            json.WriteStartObject();
            json.WriteString("schema", MachineFile.Schema);
            json.WriteString("name", m.Name);
            if (prose) json.WriteString("description", m.Description);
            json.WriteBoolean("simulationOnly", m.SimulationOnly);
            json.WriteNumber("clockHz", m.ClockHz);
            Object(json, "array", ("rows", m.Array.Rows), ("columns", m.Array.Columns));
            Object(
                json, "scratchpad", ("banks", m.Scratchpad.Banks), ("bankBytes", m.Scratchpad.BankBytes), ("wordBytes", m.Scratchpad.WordBytes));
            json.WriteNumber("accumulatorRows", m.AccumulatorRows);
            json.WriteNumber("weightTiles", m.WeightTiles);
            json.WriteNumber("parameterEntries", m.ParameterEntries);
            json.WriteNumber("tableSlots", m.TableSlots);
            json.WriteNumber("rowScaleEntries", m.RowScaleEntries);
            Object(
                json, "vector", ("lanes", m.Vector.Lanes), ("roundCycles", m.Vector.RoundCycles), ("statisticsCycles", m.Vector.StatisticsCycles),
                ("lineCycles", m.Vector.LineCycles), ("startCycles", m.Vector.StartCycles),
                ("normCycles", m.Vector.NormCycles), ("divideCycles", m.Vector.DivideCycles));
            Object(
                json, "issue", ("queueDepth", m.Issue.QueueDepth), ("fetchInstructions", m.Issue.FetchInstructions),
                ("dispatchCycles", m.Issue.DispatchCycles), ("deadlockCycles", m.Issue.DeadlockCycles));
            json.WriteStartArray("regions");
            foreach (MemoryRegion region in m.Regions) Region(json, region, prose);
            json.WriteEndArray();
            json.WriteString("counters", StrictObject.Camel(m.Counters));
            Energy(json, m.Energy, prose);
            json.WriteEndObject();
        }

        if (indented) stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void Object(Utf8JsonWriter json, string name, params ReadOnlySpan<(string Key, int Value)> values)
    {
        json.WriteStartObject(name);
        foreach ((string key, int value) in values) json.WriteNumber(key, value);
        json.WriteEndObject();
    }

    private static void Region(Utf8JsonWriter json, MemoryRegion r, bool prose)
    {
        json.WriteStartObject();
        json.WriteString("name", r.Name);
        json.WriteNumber("base", r.Base);
        json.WriteNumber("bytes", r.Bytes);
        json.WriteBoolean("writable", r.Writable);
        json.WriteNumber("readLatencyCycles", r.ReadLatencyCycles);
        json.WriteNumber("writeLatencyCycles", r.WriteLatencyCycles);
        json.WriteNumber("beatBytes", r.BeatBytes);
        json.WriteNumber("cyclesPerBeat", r.CyclesPerBeat);
        json.WriteNumber("maxBurstBytes", r.MaxBurstBytes);
        json.WriteNumber("pageBytes", r.PageBytes);
        json.WriteNumber("pageCycles", r.PageCycles);
        if (prose) json.WriteString("source", r.Source);
        json.WriteEndObject();
    }

    private static void Energy(Utf8JsonWriter json, EnergyModel e, bool prose)
    {
        json.WriteStartObject("energy");
        json.WriteNumber("picojoulesPerMac", e.PicojoulesPerMac);
        json.WriteNumber("picojoulesPerScratchpadByte", e.PicojoulesPerScratchpadByte);
        json.WriteNumber("picojoulesPerMainMemoryByte", e.PicojoulesPerMainMemoryByte);
        json.WriteNumber("picojoulesPerVectorElement", e.PicojoulesPerVectorElement);
        json.WriteNumber("staticMilliwatts", e.StaticMilliwatts);
        if (prose) json.WriteString("source", e.Source);
        json.WriteEndObject();
    }
}
