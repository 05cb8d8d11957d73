using Hil.Contract.Isa;
using Hil.Contract.Programs;

namespace Hil.Specification.Programs;

/// <summary>Programs with other instructions than they were made with, at an entry behind their image.</summary>
public static class Rewritten
{
    public static GeneratedProgram With(GeneratedProgram generated, IReadOnlyList<Instruction> code)
    {
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(code);
        ProgramImage old = generated.Program;
        int fetchBytes = Instruction.Bytes * generated.Machine.Issue.FetchInstructions;
        long entry = (old.ImageBase + (long)old.Image.Length + fetchBytes - 1) / fetchBytes * fetchBytes;
        var image = new byte[entry - old.ImageBase + (code.Count * Instruction.Bytes)];
        old.Image.Span.CopyTo(image);
        for (int i = 0; i < code.Count; i++)
        {
            code[i].WriteTo(image.AsSpan((int)(entry - old.ImageBase) + (i * Instruction.Bytes)));
        }

        return generated with
        {
            Program = old with
            {
                Image = image,
                Entry = checked((uint)entry),
                InstructionCount = code.Count,
                Layers = [new ProgramLayer("all", "", 0, code.Count, 0, 0)],
            },
        };
    }
}
