using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Contract.Tests.Programs;
using Hil.Contract.Tests.Verification;

namespace Hil.Contract.Tests.Isa;

public sealed class TextAndContainerAreTheSameProgram
{
    public static TheoryData<string> InstructionNames() => [.. InstructionSet.All.Select(d => d.Name)];

    [Fact]
    public void A_container_survives_the_way_over_text_byte_for_byte()
    {
        ProgramImage program = SamplePrograms.Product(new Dictionary<string, string> { ["a ; \"b\""] = "line 1\nline 2 \u2028 ü {", [""] = "" });

        string text = Disassembler.Print(program);
        ProgramImage again = Assembler.Assemble(text, "p.hilasm");

        Assert.Equal(ProgramFile.Write(program), ProgramFile.Write(again));
        Assert.Equal(text, Disassembler.Print(again));
    }

    [Fact]
    public void Carriage_returns_indentation_and_comments_change_nothing()
    {
        string text = Disassembler.Print(SamplePrograms.Product());
        string other = "; first\n\n" + text.Replace("\n", "\r\n   ", StringComparison.Ordinal) + "\n; last";

        Assert.Equal(ProgramFile.Write(SamplePrograms.Product()), ProgramFile.Write(Assembler.Assemble(other, "p")));
    }

    [Fact]
    public void Random_programs_survive_the_way_over_text()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            ProgramImage program = SamplePrograms.Of(RandomInstructions.Program(100, seed));
            Assert.Equal(ProgramFile.Write(program), ProgramFile.Write(Assembler.Assemble(Disassembler.Print(program), "p")));
        }
    }

    [Theory]
    [MemberData(nameof(InstructionNames))]
    public void Every_field_of_an_instruction_survives_at_its_greatest_value(string name)
    {
        InstructionDefinition definition = InstructionSet.All.Single(d => d.Name == name);
        Instruction instruction = Instruction.Of(definition).WithTokens((UnitSet)0xF, (UnitSet)0xF);
        foreach (Field field in definition.Fields) instruction = instruction.With(field, (uint)((1UL << field.Width) - 1));

        Assert.Equal(definition.UsedBits | instruction.Word, instruction.Word | (definition.UsedBits & Common.Opcode.Mask));
        Assert.Equal(instruction, InstructionText.Parse(InstructionText.Print(instruction)));
        Assert.Contains("post=Load,Compute,Vector,Store", InstructionText.Print(instruction), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_are_no_instruction_survive_as_numbers()
    {
        var random = new Random(1);
        byte[] bytes = new byte[16];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            Instruction instruction = Instruction.ReadFrom(bytes);
            Assert.Equal(instruction, InstructionText.Parse(InstructionText.Print(instruction)));
        }
    }

    [Theory]
    [InlineData("LODE", "no instruction LODE")]
    [InlineData("LOAD rowz=1", "no field rowz")]
    [InlineData("LOAD rows", "field=value")]
    [InlineData("LOAD rows=1=2", "field=value")]
    [InlineData("LOAD rows=4096", "more than 12 bits")]
    [InlineData("LOAD rows=-1", "not a number")]
    [InlineData("LOAD main=0x100000000", "not a number")]
    [InlineData("LOAD rows=1 rows=1", "twice")]
    [InlineData("LOAD wait=Loader", "no unit Loader")]
    [InlineData("LOAD wait=Control", "no unit Control")]
    [InlineData("LOAD wait=", "no unit")]
    [InlineData(".word 12", "0x")]
    [InlineData(".word", "0x")]
    [InlineData(".word 0xg", "0x")]
    [InlineData(".at", "32 bits")]
    [InlineData(".at 0xg", "32 bits")]
    [InlineData(".at -1", "32 bits")]
    [InlineData(".image 0x0", "once")]
    [InlineData(".", "no directive")]
    [InlineData(".word 0x1000000000000000000000000000000000", "128 bits")]
    [InlineData(".frobnicate 1", "no directive")]
    [InlineData(".hex 0", "")]
    [InlineData(".hex zz", "")]
    [InlineData(".at 0x100000000", "32 bits")]
    [InlineData(".input {", "")]
    [InlineData(".metadata \"a\"", "")]
    [InlineData(".layer 3", "object")]
    [InlineData(".image 0 4", "once")]
    [InlineData(".name \"again\"", "twice")]
    [InlineData(".code 0x0", "twice")]
    [InlineData(".at 0x100000\n.hex 00", "outside of the image")]
    [InlineData(".at 0x10\nEND", "without a gap")]
    public void A_line_that_is_wrong_is_named_with_its_number(string line, string says)
    {
        string text = Disassembler.Print(SamplePrograms.Product());

        HilException e = Assert.Throws<HilException>(() => Assembler.Assemble(text + line, "p.hilasm"));

        Assert.Equal(ExitKind.BadInput, e.Kind);
        Assert.Contains(says, e.What, StringComparison.Ordinal);
        Assert.StartsWith("p.hilasm", e.Where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".hilp 2")]
    [InlineData(".hilp 1")]
    [InlineData(".hilp 1\n.image 0 0xffffffff")]
    [InlineData(".hilp 1\n.image 0x0 64")]
    [InlineData(".hilp 1\n.image 0x0 64\nEND")]
    [InlineData(".hilp 1\n.image 0x10 64\n.at 0x0\n.hex 00")]
    [InlineData(".hex 00")]
    public void A_text_without_its_parts_is_refused(string text) =>
        Assert.Equal(ExitKind.BadInput, Assert.Throws<HilException>(() => Assembler.Assemble(text, "p")).Kind);

    [Fact]
    public void An_empty_line_is_no_instruction() => Assert.Throws<EncodingException>(() => InstructionText.Parse("  "));

    [Fact]
    public void A_text_with_any_line_left_out_or_doubled_gives_an_error_or_a_program()
    {
        string[] lines = Disassembler.Print(SamplePrograms.Product()).Split('\n');
        int refused = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            foreach (IEnumerable<string> changed in new[] { lines.Where((_, j) => j != i), lines.Take(i + 1).Concat(lines.Skip(i)) })
            {
                try
                {
                    ProgramFile.Write(Assembler.Assemble(string.Join('\n', changed), "p"));
                }
                catch (HilException e)
                {
                    Assert.Equal(ExitKind.BadInput, e.Kind);
                    refused++;
                }
            }
        }

        Assert.InRange(refused, 10, lines.Length * 2);
    }
}
