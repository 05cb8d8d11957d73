using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Verification;
using Hil.Specification.Programs;

namespace Hil.Specification.Tests.Programs;

/// <summary>The generator weaves its own tokens from its own list of touched things: a second opinion on both sides of the verifier.</summary>
public sealed class RandomProgramsPassTheVerifier
{
    public static TheoryData<int> Blocks() => [.. Enumerable.Range(0, 6)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void As_they_are_with_tokens_placed_anew_and_not_with_none(int block)
    {
        int refused = 0;
        for (int seed = block * 50; seed < (block + 1) * 50; seed++)
        {
            Machine machine = MachineGenerator.Make(seed);
            ProgramImage program = ProgramGenerator.Make(machine, seed).Program;
            Assert.Empty(Verifier.Verify(program, machine));

            Instruction[] instructions = [.. Enumerable.Range(0, program.InstructionCount).Select(i => program[i])];
            Assert.Empty(Verifier.Verify(With(program, TokenPlacement.Place(instructions, machine)), machine));
            Instruction[] bare = [.. instructions.Select(i => i.WithTokens(UnitSet.None, UnitSet.None))];
            if (Verifier.Verify(With(program, bare), machine).Count > 0) refused++;
        }

        Assert.InRange(refused, 30, 50);
    }

    [Fact]
    public void Their_machines_are_legal_machine_files()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Machine machine = MachineGenerator.Make(seed);
            Machine again = MachineFile.Parse(MachineFile.Write(machine), $"machine {seed}");
            Assert.Equal(MachineFile.Hash(machine), MachineFile.Hash(again));
        }
    }

    private static ProgramImage With(ProgramImage program, Instruction[] instructions)
    {
        byte[] image = program.Image.ToArray();
        int at = (int)(program.Entry - program.ImageBase);
        for (int i = 0; i < instructions.Length; i++) instructions[i].WriteTo(image.AsSpan(at + (i * Instruction.Bytes)));
        return program with { Image = image };
    }
}
