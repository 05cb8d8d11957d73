using System.Text.Json;
using Hil.Contract.Isa;
using Hil.Contract.Json;

namespace Hil.Contract.Programs;

/// <summary>The JSON header of a program container: everything but the image.</summary>
internal static class ProgramHeader
{
    public const string Schema = "hil.program/1";

    private const int MostTensors = 65536;
    private const int MostLayers = 65536;
    private const int MostMetadata = 256;
    private const int MostMetadataCharacters = 1 << 20;
    private const int MostDimension = 1 << 24;
    private const long MostAddress = 1L << 32;

    public static byte[] Write(ProgramImage p)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(stream, options))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteString("name", p.Name);
            json.WriteString("machine", p.MachineName);
            json.WriteString("machineHash", p.MachineHash);
            json.WriteString("contractHash", p.ContractHash);
            json.WriteNumber("imageBase", p.ImageBase);
            json.WriteNumber("entry", p.Entry);
            json.WriteNumber("instructionCount", p.InstructionCount);
            Tensors(json, "inputs", p.Inputs);
            Tensors(json, "outputs", p.Outputs);
            Tensors(json, "observables", p.Observables);
            json.WriteStartArray("layers");
            foreach (ProgramLayer layer in p.Layers) Layer(json, layer);
            json.WriteEndArray();
            NestHeader.Write(json, p.Nests);
            json.WriteStartObject("metadata");
            foreach ((string key, string value) in p.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    public static ProgramImage Read(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> image, string where) =>
        StrictObject.Read(header, $"{where} (header)", o => Read(o, image));

    private static ProgramImage Read(StrictObject o, ReadOnlyMemory<byte> image)
    {
        o.Schema(Schema);
        string name = o.Text("name");
        string machine = o.Text("machine", 64);
        string machineHash = Hash(o, "machineHash");
        string contractHash = Hash(o, "contractHash");
        long imageBase = o.Long("imageBase", 0, MostAddress - 1);
        if (imageBase + image.Length > MostAddress) throw o.Refuse("imageBase", $"is {imageBase}; the image reaches beyond main memory.");
        long entry = o.Long("entry", 0, MostAddress - 1);
        int count = o.Whole("instructionCount", 1, 1 << 26);
        if (entry % Instruction.Bytes != 0) throw o.Refuse("entry", $"is {entry}; it must be a multiple of {Instruction.Bytes}.");
        if (entry < imageBase || entry + ((long)count * Instruction.Bytes) > imageBase + image.Length)
            throw o.Refuse("entry", $"is {entry}: the {count} instructions from there on do not lie in the image.");
        ProgramLayer[] layers = Layers(o, count);
        TensorPlace[] inputs = Tensors(o, "inputs", layers.Length);
        TensorPlace[] outputs = Tensors(o, "outputs", layers.Length);
        TensorPlace[] observables = Tensors(o, "observables", layers.Length);
        IReadOnlyList<LoopNest> nests = NestHeader.Read(o, layers.Length);
        IReadOnlyDictionary<string, string> metadata = o.Texts("metadata", MostMetadata, MostMetadataCharacters);
        o.Done();
        return new ProgramImage(
            name, machine, machineHash, contractHash, (uint)imageBase, image, (uint)entry, count, inputs, outputs, observables, layers, nests, metadata);
    }

    private static string Hash(StrictObject o, string key)
    {
        string hash = o.Text(key, 64);
        return hash.Length == 64 && hash.All(c => char.IsAsciiHexDigitLower(c) || char.IsAsciiDigit(c))
            ? hash
            : throw o.Refuse(key, "is not 64 lower-case hexadecimal digits.");
    }

    private static ProgramLayer[] Layers(StrictObject o, int instructions)
    {
        int next = 0;
        var layers = new List<ProgramLayer>();
        foreach (StrictObject l in o.Objects("layers", 1, MostLayers))
        {
            var layer = new ProgramLayer(
                l.Text("name"), l.Text("kind", 64), l.Whole("firstInstruction", 0, instructions), l.Whole("instructionCount", 0, instructions),
                l.Long("macs", 0, long.MaxValue), l.Long("skippedMacs", 0, long.MaxValue));
            l.Done();
            if (layer.FirstInstruction != next)
                throw l.Refuse("firstInstruction", $"is {layer.FirstInstruction}; the layer before it ends at {next}, and layers are consecutive.");
            next += layer.InstructionCount;
            layers.Add(layer);
        }

        return next == instructions
            ? [.. layers]
            : throw o.Refuse("layers", $"cover {next} instructions of {instructions}.");
    }

    private static void Layer(Utf8JsonWriter json, ProgramLayer layer)
    {
        json.WriteStartObject();
        json.WriteString("name", layer.Name);
        json.WriteString("kind", layer.Kind);
        json.WriteNumber("firstInstruction", layer.FirstInstruction);
        json.WriteNumber("instructionCount", layer.InstructionCount);
        json.WriteNumber("macs", layer.Macs);
        json.WriteNumber("skippedMacs", layer.SkippedMacs);
        json.WriteEndObject();
    }

    private static TensorPlace[] Tensors(StrictObject o, string key, int layers) =>
        [.. o.Objects(key, 0, MostTensors).Select(t =>
        {
            var place = new TensorPlace(
                t.Text("name"), t.Name<Space>("space"), t.Long("address", 0, MostAddress - 1), t.Long("secondAddress", 0, MostAddress - 1),
                t.Whole("rows", 1, MostDimension), t.Whole("columns", 1, MostDimension), t.Whole("strideBytes", 0, MostDimension),
                t.Name<ElementType>("type"), t.Real("scale", 0, double.MaxValue), t.Whole("zeroPoint", short.MinValue, short.MaxValue),
                t.Whole("layer", -1, layers - 1));
            t.Done();
            long rowBytes = (long)place.Columns * (place.Type == ElementType.Int16 ? 2 : 1);
            return place.Rows == 1 || place.StrideBytes >= rowBytes
                ? place
                : throw t.Refuse("strideBytes", $"is {place.StrideBytes}; a row has {rowBytes} bytes.");
        })];

    private static void Tensors(Utf8JsonWriter json, string key, IReadOnlyList<TensorPlace> tensors)
    {
        json.WriteStartArray(key);
        foreach (TensorPlace t in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", t.Name);
            json.WriteString("space", StrictObject.Camel(t.Space));
            json.WriteNumber("address", t.Address);
            json.WriteNumber("secondAddress", t.SecondAddress);
            json.WriteNumber("rows", t.Rows);
            json.WriteNumber("columns", t.Columns);
            json.WriteNumber("strideBytes", t.StrideBytes);
            json.WriteString("type", StrictObject.Camel(t.Type));
            json.WriteNumber("scale", t.Scale);
            json.WriteNumber("zeroPoint", t.ZeroPoint);
            json.WriteNumber("layer", t.Layer);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
