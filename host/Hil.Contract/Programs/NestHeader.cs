using System.Text.Json;
using Hil.Contract.Json;

namespace Hil.Contract.Programs;

/// <summary>The loop nests in the header of a program container.</summary>
internal static class NestHeader
{
    private const int MostNests = 65536;
    private const int MostStages = 65536;
    private const int MostSteps = 65536;
    private const int MostWaits = 1 << 20;
    private const int MostDistance = 1 << 26;
    private const int MostBanks = 8;
    private const int MostSize = 1 << 24;
    private const int NumbersOfSize = 4;
    private const long MostCount = 1L << 40;

    public static void Write(Utf8JsonWriter json, IReadOnlyList<LoopNest> nests)
    {
        json.WriteStartArray("nests");
        foreach (LoopNest nest in nests)
        {
            json.WriteStartObject();
            json.WriteNumber("layer", nest.Layer);
            json.WriteStartArray("stages");
            foreach (Stage stage in nest.Stages)
            {
                json.WriteStartObject();
                json.WriteNumber("count", stage.Count);
                json.WriteStartArray("steps");
                foreach (Step step in stage.Steps) Write(json, step);
                json.WriteEndArray();
                json.WriteStartArray("serial");
                foreach (SerialPair pair in stage.Serial)
                {
                    json.WriteStartObject();
                    json.WriteNumber("earlier", pair.Earlier);
                    json.WriteNumber("later", pair.Later);
                    json.WriteNumber("distance", pair.Distance);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteStartArray("entry");
                foreach (EntryWait wait in stage.Entry)
                {
                    json.WriteStartObject();
                    json.WriteNumber("iteration", wait.Iteration);
                    json.WriteNumber("later", wait.Later);
                    json.WriteString("earlier", StrictObject.Camel(wait.Earlier));
                    json.WriteNumber("back", wait.Back);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static IReadOnlyList<LoopNest> Read(StrictObject header, int layers) =>
        [.. header.Objects("nests", 0, MostNests).Select(n =>
        {
            var nest = new LoopNest(
                n.Whole("layer", 0, layers - 1), [.. n.Objects("stages", 0, MostStages).Select(ReadStage)]);
            n.Done();
            return nest;
        })];

    private static Stage ReadStage(StrictObject s)
    {
        long count = s.Long("count", 0, MostCount);
        Step[] steps = [.. s.Objects("steps", 0, MostSteps).Select(ReadStep)];
        SerialPair[] serial =
        [
            .. s.Objects("serial", 0, MostWaits).Select(p =>
            {
                var pair = new SerialPair(
                    p.Whole("earlier", 0, steps.Length - 1), p.Whole("later", 0, steps.Length - 1), p.Whole("distance", 0, MostDistance));
                p.Done();
                return pair;
            }),
        ];
        EntryWait[] entry =
        [
            .. s.Objects("entry", 0, MostWaits).Select(w =>
            {
                var wait = new EntryWait(
                    w.Whole("iteration", 0, MostDistance), w.Whole("later", 0, steps.Length - 1), w.Name<Isa.Unit>("earlier"),
                    w.Whole("back", 0, MostDistance));
                w.Done();
                return wait;
            }),
        ];
        foreach (Step step in steps)
        {
            if (step.Sizes.Count != 0 && step.Sizes.Count != Math.Min(count, Stage.MostListed))
                throw s.Refuse("steps", $"list {step.Sizes.Count} sizes; a loop of {count} iterations lists none or {Math.Min(count, Stage.MostListed)}.");
        }

        s.Done();
        return new Stage(count, steps, serial) { Entry = entry };
    }

    private static Step ReadStep(StrictObject s)
    {
        var step = new Step(
            s.Name<StepKind>("kind"), s.Whole("rows", 0, MostSize), s.Whole("columns", 0, MostSize), s.Real("tiles", 0, MostSize),
            s.Long("bytes", 0, MostCount), s.Flag("wide"), s.Flag("accumulate"), s.Whole("widthIn", 0, 8), s.Whole("widthOut", 0, 8),
            s.Wholes("banks", MostBanks, -1, 63))
        {
            Bursts = s.Real("bursts", 0, MostCount), PagesCrossed = s.Real("pagesCrossed", 0, MostCount), Region = s.Whole("region", 0, 7),
            FirstBurstBytes = s.Real("firstBurstBytes", 0, MostCount), Sizes = ReadSizes(s),
        };
        s.Done();
        return step;
    }

    /// <summary>Sizes are written one after the other, four numbers each.</summary>
    private static StepSize[] ReadSizes(StrictObject s)
    {
        IReadOnlyList<int> numbers = s.Wholes("sizes", Stage.MostListed * NumbersOfSize, 0, MostSize);
        if (numbers.Count % NumbersOfSize != 0) throw s.Refuse("sizes", $"has {numbers.Count} numbers; a size has {NumbersOfSize}.");
        return [.. numbers.Chunk(NumbersOfSize).Select(n => new StepSize(n[0], n[1], n[2], n[3]))];
    }

    private static void Write(Utf8JsonWriter json, Step step)
    {
        json.WriteStartObject();
        json.WriteString("kind", StrictObject.Camel(step.Kind));
        json.WriteNumber("rows", step.Rows);
        json.WriteNumber("columns", step.Columns);
        json.WriteNumber("tiles", step.Tiles);
        json.WriteNumber("bytes", step.Bytes);
        json.WriteBoolean("wide", step.Wide);
        json.WriteBoolean("accumulate", step.Accumulate);
        json.WriteNumber("widthIn", step.WidthIn);
        json.WriteNumber("widthOut", step.WidthOut);
        json.WriteStartArray("banks");
        foreach (int bank in step.Banks) json.WriteNumberValue(bank);
        json.WriteEndArray();
        json.WriteNumber("bursts", step.Bursts);
        json.WriteNumber("pagesCrossed", step.PagesCrossed);
        json.WriteNumber("region", step.Region);
        json.WriteNumber("firstBurstBytes", step.FirstBurstBytes);
        json.WriteStartArray("sizes");
        foreach (StepSize size in step.Sizes)
        {
            json.WriteNumberValue(size.Tiles);
            json.WriteNumberValue(size.Bursts);
            json.WriteNumberValue(size.FirstBurstBytes);
            json.WriteNumberValue(size.PagesCrossed);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
