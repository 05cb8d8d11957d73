using Hil.Contract.Json;

namespace Hil.Contract.Machines;

/// <summary>The keys of a machine file, their ranges, and the rules between them.</summary>
internal static class MachineReader
{
    private const int MostAddress = 1 << 24;
    private const long MostMainAddress = 1L << 32;
    private const int MostCycles = 65535;

    public static Machine Read(StrictObject file)
    {
        file.Schema(MachineFile.Schema);
        string name = file.Text("name", 64);
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            throw file.Refuse("name", "must be of lower-case letters, digits and hyphens.");
        string description = file.Text("description");
        bool simulationOnly = file.Flag("simulationOnly");
        long clockHz = file.Long("clockHz", 1, 10_000_000_000);
        ArrayShape array = ReadArray(file.Object("array"));
        ScratchpadShape scratchpad = ReadScratchpad(file.Object("scratchpad"), array);
        VectorShape vector = ReadVector(file.Object("vector"), array, scratchpad);
        int accumulatorRows = file.Whole("accumulatorRows", 1, 4095);
        int weightTiles = file.Whole("weightTiles", 1, 4095);
        int parameterEntries = file.Whole("parameterEntries", 2, 4096);
        if (parameterEntries % Math.Max(2, vector.Lanes) != 0)
            throw file.Refuse("parameterEntries", $"is {parameterEntries}; it must be even and a multiple of the lanes.");
        int tableSlots = file.Whole("tableSlots", 1, 8);
        int rowScaleEntries = file.Whole("rowScaleEntries", 1, 4096);
        IssueShape issue = ReadIssue(file.Object("issue"));
        MemoryRegion[] regions = [.. file.Objects("regions", 1, 8).Select(r => ReadRegion(r, array, scratchpad, issue))];
        CheckRegions(file, regions);
        CounterSet counters = file.Name<CounterSet>("counters");
        EnergyModel energy = ReadEnergy(file.Object("energy"));
        file.Done();
        return new Machine(
            name, description, simulationOnly, clockHz, array, scratchpad, accumulatorRows, weightTiles, parameterEntries, tableSlots,
            rowScaleEntries, vector, issue, regions, counters, energy);
    }

    private static ArrayShape ReadArray(StrictObject o)
    {
        var shape = new ArrayShape(o.PowerOfTwo("rows", 1, 64), o.PowerOfTwo("columns", 1, 64));
        o.Done();
        return shape;
    }

    private static ScratchpadShape ReadScratchpad(StrictObject o, ArrayShape array)
    {
        int word = o.PowerOfTwo("wordBytes", 4, 128);
        if (word < Math.Max(array.Rows, array.Columns))
            throw o.Refuse("wordBytes", $"is {word}; it must be at least the rows and the columns of the array.");
        var shape = new ScratchpadShape(o.Whole("banks", 1, 64), o.PowerOfTwo("bankBytes", 256, MostAddress), word);
        if (shape.Bytes > MostAddress)
            throw o.Refuse("banks", $"times bankBytes is {shape.Bytes}; scratchpad addresses end at {MostAddress}.");
        o.Done();
        return shape;
    }

    private static VectorShape ReadVector(StrictObject o, ArrayShape array, ScratchpadShape scratchpad)
    {
        int lanes = o.PowerOfTwo("lanes", 1, 64);
        if (lanes > array.Columns || lanes > scratchpad.WordBytes)
            throw o.Refuse("lanes", $"is {lanes}; it must be at most the columns of the array and the bytes of a word.");
        var shape = new VectorShape(
            lanes, o.Whole("roundCycles", 0, 255), o.Whole("statisticsCycles", 0, 255), o.Whole("lineCycles", 0, 255),
            o.Whole("startCycles", 1, 255), o.Whole("normCycles", 1, MostCycles), o.Whole("divideCycles", 1, MostCycles));
        o.Done();
        return shape;
    }

    private static IssueShape ReadIssue(StrictObject o)
    {
        var shape = new IssueShape(
            o.Whole("queueDepth", 1, 64), o.PowerOfTwo("fetchInstructions", 1, 64), o.Whole("dispatchCycles", 1, 255),
            o.Whole("deadlockCycles", 64, 1 << 30));
        o.Done();
        return shape;
    }

    private static MemoryRegion ReadRegion(StrictObject o, ArrayShape array, ScratchpadShape scratchpad, IssueShape issue)
    {
        string name = o.Text("name", 64);
        long at = o.Long("base", 0, MostMainAddress - 1);
        long bytes = o.Long("bytes", 1024, MostMainAddress);
        bool writable = o.Flag("writable");
        int beat = o.PowerOfTwo("beatBytes", 1, 16);
        if (beat > array.Columns || beat > scratchpad.WordBytes)
            throw o.Refuse("beatBytes", $"is {beat}; it must be at most the columns of the array, so that a beat holds weights of one row only.");
        int burst = o.PowerOfTwo("maxBurstBytes", 16, 65536);
        if (burst < issue.FetchInstructions * Isa.Instruction.Bytes)
            throw o.Refuse("maxBurstBytes", $"is {burst}; a fetch of {issue.FetchInstructions} instructions must fit into a burst.");
        if (at % burst != 0 || bytes % burst != 0)
            throw o.Refuse("base", "and bytes must be multiples of maxBurstBytes.");
        if (at + bytes > MostMainAddress) throw o.Refuse("bytes", $"reaches beyond address {MostMainAddress}.");
        int page = o.Whole("pageBytes", 0, 1 << 20);
        if (page != 0 && !int.IsPow2(page)) throw o.Refuse("pageBytes", $"is {page}; it must be 0 or a power of two.");
        int pageCycles = o.Whole("pageCycles", 0, MostCycles);
        if (page == 0 && pageCycles != 0) throw o.Refuse("pageCycles", "must be 0 where pageBytes is 0.");
        int writeLatency = o.Whole("writeLatencyCycles", 0, MostCycles);
        if (!writable && writeLatency != 0) throw o.Refuse("writeLatencyCycles", "must be 0 in a region that is not writable.");
        var region = new MemoryRegion(
            name, at, bytes, writable, o.Whole("readLatencyCycles", 0, MostCycles), writeLatency, beat, o.Whole("cyclesPerBeat", 1, 256),
            burst, page, pageCycles, Source(o));
        o.Done();
        return region;
    }

    private static void CheckRegions(StrictObject file, MemoryRegion[] regions)
    {
        for (int i = 1; i < regions.Length; i++)
        {
            if (regions[i].Base < regions[i - 1].Base + regions[i - 1].Bytes)
                throw file.Refuse($"regions[{i}]", "begins before the region before it ends; regions are in the order of their addresses.");
        }

        if (regions.Select(r => r.Name).Distinct().Count() != regions.Length) throw file.Refuse("regions", "have a name twice.");
    }

    private static EnergyModel ReadEnergy(StrictObject o)
    {
        const double most = 1e9;
        var model = new EnergyModel(
            o.Real("picojoulesPerMac", 0, most), o.Real("picojoulesPerScratchpadByte", 0, most), o.Real("picojoulesPerMainMemoryByte", 0, most),
            o.Real("picojoulesPerVectorElement", 0, most), o.Real("staticMilliwatts", 0, most), Source(o));
        o.Done();
        return model;
    }

    private static string Source(StrictObject o)
    {
        string source = o.Text("source");
        return source.Length > 0 ? source : throw o.Refuse("source", "is empty; it names the data sheet or paper of the figures.");
    }
}
