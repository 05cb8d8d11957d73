using System.Reflection;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Tests.Programs;
using Hil.Contract.Verification;

namespace Hil.Contract.Tests.Isa;

public sealed class ContractHasNoGaps
{
    public static TheoryData<Opcode> Opcodes() => [.. InstructionSet.All.Select(d => d.Code)];

    [Fact]
    public void Every_definition_in_the_assembly_is_in_the_set_and_every_opcode_is_used_or_reserved()
    {
        InstructionDefinition[] declared =
        [
            .. typeof(InstructionSet).Assembly.GetTypes().SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static))
                .Where(f => f.FieldType == typeof(InstructionDefinition)).Select(f => (InstructionDefinition)f.GetValue(null)!),
        ];

        Assert.Equal(declared.OrderBy(d => d.Code), InstructionSet.All.OrderBy(d => d.Code));
        Assert.Equal(
            Enum.GetValues<Opcode>().Order(), InstructionSet.All.Select(d => d.Code).Concat(InstructionSet.Reserved.Select(r => r.Code)).Order());
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Every_field_that_is_declared_is_used_by_its_instruction_and_says_what_it_means(Opcode code)
    {
        InstructionDefinition definition = InstructionSet.Find(code)!;
        Type owner = typeof(InstructionSet).Assembly.GetTypes().Single(t =>
            t.GetField("Definition", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) == (object)definition);
        Field[] declared =
        [
            .. owner.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.FieldType == typeof(Field)).Select(f => (Field)f.GetValue(null)!),
        ];

        Assert.Equal(declared.OrderBy(f => f.Lsb), definition.Fields.OrderBy(f => f.Lsb));
        Assert.Equal(definition.Fields.Count, definition.Fields.Select(f => f.Name).Distinct().Count());
        Assert.All(definition.Fields, f => Assert.NotEmpty(f.Meaning));
        Assert.NotEmpty(definition.Action);
        Assert.NotEmpty(definition.Duration);
    }

    [Fact]
    public void Fields_that_overlap_or_leave_the_word_throw_where_they_are_declared()
    {
        static InstructionDefinition Of(params Field[] fields) => new(Opcode.Load, "X", Unit.Load, fields, "", "", "");

        Assert.Throws<EncodingException>(() => Of(new("a", 14, 8, ""), new("b", 21, 2, "")));
        Assert.Throws<EncodingException>(() => Of(new Field("a", 13, 2, "")));
        Assert.Throws<EncodingException>(() => Of(new Field("a", 120, 9, "")));
        Assert.Throws<EncodingException>(() => Of(new Field("a", 20, 33, "")));
        Assert.Throws<EncodingException>(() => Instruction.Of(Load.Definition, (Store.Main, 0u)).With(Load.Rows, 4096));
        Assert.Equal(14, Of(new Field("a", 14, 8, "")).Fields[0].Lsb);
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Every_operand_of_an_instruction_is_one_of_its_accesses(Opcode code)
    {
        // Fields that say where something lies, by their width or name, each with every flag set and cleared.
        InstructionDefinition definition = InstructionSet.Find(code)!;
        Instruction bare = Instruction.Of(definition);
        foreach (string count in new[] { "rows", "columns", "rowWords", "kLength", "count", "tiles" })
        {
            if (definition.Fields.FirstOrDefault(f => f.Name == count) is { } field) bare = bare.With(field, 2);
        }

        Instruction flagged = definition.Fields.Where(f => f.Width == 1 && f.Name is not ("slot" or "half")).Aggregate(bare, (i, f) => i.With(f, 1));
        HashSet<string> touched =
        [
            .. new[] { bare, flagged }.SelectMany(i => Accesses.Of(i, SamplePrograms.Icebreaker)).Select(a => a.Operand),
        ];
        IEnumerable<string> places = definition.Fields
            .Where(f => f.Width >= 24 || f.Name is "slot" or "half" or "index" or "rowScale" or "first" or "tableSlot").Select(f => f.Name);

        Assert.Empty(places.Except(touched));
        Assert.Empty(touched.Except(definition.Fields.Select(f => f.Name)));
    }

    [Theory]
    [InlineData("LOAD main=0x40 scratch=0x10 rows=3 rowWords=2 stride=4", "Main 64+24 R;Scratchpad 16+8*3/16 W")]
    [InlineData("LOAD_WEIGHTS main=0x10 tiles=3 slot=1", "Main 16+30 R;WeightSlot 1+1 W")]
    [InlineData("LOAD_DYNAMIC scratch=0x8 stride=3 kLength=5 columns=1", "Scratchpad 8+2*5/12 R;WeightSlot 0+1 W")]
    [InlineData("LOAD_DYNAMIC scratch=0x8 stride=3 kLength=5 columns=1 byColumns=1", "Scratchpad 8+8*1/12 R;WeightSlot 0+1 W")]
    [InlineData("COMPUTE source=0x8 stride=2 rows=3 tiles=2 slot=1 half=1", "Scratchpad 8+8*3/8 R;WeightSlot 1+1 R;AccumulatorHalf 1+1 W")]
    [InlineData("COMPUTE rows=3 accumulate=1", "AccumulatorHalf 0+1 RW")]
    [InlineData("REQUANTIZE output=0x8 stride=2 rows=3 columns=2 index=4 wide=1 accumulate=1", "AccumulatorHalf 0+1 R;Scratchpad 8+4*3/8 RW;Parameters 4+2 R")]
    [InlineData("REQUANTIZE rows=3 columns=2 index=4 perRow=1 table=1 tableSlot=1 half=1", "AccumulatorHalf 1+1 R;Scratchpad 0+2*3/0 W;RowScales 4+3 R;Table 1+1 R")]
    [InlineData("LAYER_NORM source=0x8 output8=0x80 rows=2 columns=5 write8=1", "Scratchpad 8+10*2/12 R;Scratchpad 128+5*2/8 W;Parameters 0+6 R")]
    [InlineData("SOFTMAX source=0x8 output=0x80 rows=2 columns=65 rowScale=7 masked=1", "Scratchpad 8+130*2/132 R;Scratchpad 128+65*2/68 W;Parameters 0+3 R;RowScales 7+2 W")]
    [InlineData("MAP source=0x8 output=0x80 sourceStride=1 outputStride=3 rows=2 columns=5 wideSource=1 table=1", "Scratchpad 8+10*2/4 R;Scratchpad 128+5*2/12 W;Parameters 0+1 R;Table 0+1 R")]
    [InlineData("ADD a=0x8 b=0x10 output=0x20 rows=2 columns=1 index=3", "Scratchpad 8+2*2/4 R;Scratchpad 16+2*2/4 R;Scratchpad 32+2*2/4 W;Parameters 3+2 R")]
    [InlineData("STORE main=0x40 scratch=0x10 rows=3 rowWords=2 stride=4", "Main 64+24 W;Scratchpad 16+8*3/16 R")]
    [InlineData("END", "")]
    public void The_accesses_of_an_instruction_are_those_of_its_text(string text, string accesses)
    {
        string found = string.Join(';', Accesses.Of(InstructionText.Parse(text), SamplePrograms.Icebreaker).Select(a =>
            $"{a.Resource} {a.First}+{a.RowLength}{(a.Resource == Resource.Scratchpad ? $"*{a.Rows}/{a.Stride}" : "")} {(a.Reads ? "R" : "")}{(a.Writes ? "W" : "")}"));

        Assert.Equal(accesses, found);
    }

    [Fact]
    public void The_contract_hash_is_of_every_field_rule_trap_register_and_table()
    {
        string text = Identity.ContractText();

        foreach (InstructionDefinition d in InstructionSet.All) Assert.Contains($"instruction {(int)d.Code} {d.Name} {d.Unit}\n", text, StringComparison.Ordinal);
        Assert.Contains("field rowWords 82 12\n", text, StringComparison.Ordinal);
        Assert.Contains("trap 10 Deadlock\n", text, StringComparison.Ordinal);
        Assert.Contains("timing PortTail 2\n", text, StringComparison.Ordinal);
        Assert.Contains("register STATUS 260 1 ReadOnly\n", text, StringComparison.Ordinal);
        Assert.Contains("seeds 508 500", text, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{64}$", Identity.ContractHash);
    }
}
