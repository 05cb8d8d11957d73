using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hil.Contract.Programs;

namespace Hil.Contract.Isa;

/// <summary>Writes a whole program as text, from which <see cref="Assembler"/> makes the same container, byte for byte.</summary>
public static class Disassembler
{
    internal const int BytesPerLine = 32;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Print(ProgramImage program)
    {
        ArgumentNullException.ThrowIfNull(program);
        using var header = JsonDocument.Parse(ProgramHeader.Write(program));
        JsonElement root = header.RootElement;
        var text = new StringBuilder("; A HIL program. Bytes of the image that are not given are zero; so are fields.\n");
        text.Append(CultureInfo.InvariantCulture, $".hilp {ProgramFile.FormatVersion}\n");
        foreach (string key in new[] { "name", "machine", "machineHash", "contractHash" }) text.Append(CultureInfo.InvariantCulture, $".{key} {Raw(root, key)}\n");
        text.Append(CultureInfo.InvariantCulture, $".image 0x{program.ImageBase:x} {program.Image.Length}\n");
        foreach ((string key, string directive) in Assembler.Lists)
        {
            foreach (JsonElement item in root.GetProperty(key).EnumerateArray()) text.Append(CultureInfo.InvariantCulture, $".{directive} {item.GetRawText()}\n");
        }

        foreach (JsonProperty item in root.GetProperty("metadata").EnumerateObject())
            text.Append(CultureInfo.InvariantCulture, $".metadata {JsonSerializer.Serialize(item.Name, Relaxed)}: {item.Value.GetRawText()}\n");

        int code = checked((int)(program.Entry - program.ImageBase));
        int end = code + (program.InstructionCount * Instruction.Bytes);
        Data(text, program, 0, code);
        text.Append(CultureInfo.InvariantCulture, $".code 0x{program.Entry:x}\n");
        foreach (ProgramLayer layer in program.Layers)
        {
            string name = JsonSerializer.Serialize(layer.Name, Relaxed);
            string kind = JsonSerializer.Serialize(layer.Kind, Relaxed);
            text.Append(CultureInfo.InvariantCulture, $".layer {{\"name\":{name},\"kind\":{kind},\"macs\":{layer.Macs},\"skippedMacs\":{layer.SkippedMacs}}}\n");
            for (int i = layer.FirstInstruction; i < layer.FirstInstruction + layer.InstructionCount; i++)
                text.Append(CultureInfo.InvariantCulture, $"{InstructionText.Print(program[i])} ; {i}\n");
        }

        Data(text, program, end, program.Image.Length);
        return text.ToString();
    }

    private static void Data(StringBuilder text, ProgramImage program, int from, int to)
    {
        ReadOnlySpan<byte> image = program.Image.Span;
        bool placed = false;
        for (int at = from; at < to; at += BytesPerLine)
        {
            ReadOnlySpan<byte> line = image[at..Math.Min(to, at + BytesPerLine)];
            if (line.IndexOfAnyExcept((byte)0) < 0)
            {
                placed = false;
                continue;
            }

            if (!placed) text.Append(CultureInfo.InvariantCulture, $".at 0x{program.ImageBase + at:x}\n");
            placed = true;
            text.Append(".hex ").Append(Convert.ToHexStringLower(line)).Append('\n');
        }
    }

    private static string Raw(JsonElement root, string key) => root.GetProperty(key).GetRawText();
}
