using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Contract.Verification;

/// <summary>Whether image, instructions, inputs and outputs lie where the machine has memory for them.</summary>
internal static class PlaceCheck
{
    public static void Check(ProgramImage program, Machine machine, FindingList findings)
    {
        if (machine.RegionOf(program.ImageBase, program.Image.Length) is null)
            findings.Add(-1, FindingKind.Place, $"the image (0x{program.ImageBase:X}, {program.Image.Length} bytes) does not lie in one region of main memory");
        int fetch = machine.Issue.FetchInstructions * Instruction.Bytes;
        if (program.Entry % fetch != 0) findings.Add(-1, FindingKind.Place, $"the entry 0x{program.Entry:X} is not a multiple of {fetch}");
        foreach (TensorPlace input in program.Inputs)
        {
            Check(input, machine, findings);
            foreach ((long first, long end) in Spans(input))
            {
                if (input.Space == Space.Main && first < program.ImageBase + program.Image.Length && end > program.ImageBase)
                    findings.Add(-1, FindingKind.Image, $"input {input.Name} lies over the image");
            }
        }

        foreach (TensorPlace place in program.Outputs.Concat(program.Observables)) Check(place, machine, findings);
    }

    private static void Check(TensorPlace place, Machine machine, FindingList findings)
    {
        foreach ((long first, long end) in Spans(place))
        {
            bool there = place.Space == Space.Main
                ? machine.RegionOf(first, end - first) is not null
                : end <= machine.Scratchpad.Bytes;
            if (!there) findings.Add(-1, FindingKind.Place, $"{place.Name} (0x{first:X} to 0x{end - 1:X}) does not lie in the {place.Space} memory");
        }
    }

    private static IEnumerable<(long First, long End)> Spans(TensorPlace place)
    {
        long length = ((place.Rows - 1L) * place.StrideBytes) + ((long)place.Columns * (place.Type == ElementType.Int16 ? 2 : 1));
        yield return (place.Address, place.Address + length);
        if (place.Type == ElementType.Wide15) yield return (place.SecondAddress, place.SecondAddress + length);
    }
}
