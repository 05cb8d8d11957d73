using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Contract.Tests.Isa;

/// <summary>Each rule at its limit and one beyond, on the icebreaker with more entries (L = 1, W = 4) or the ulx3s (L = 8, W = 16).</summary>
public sealed class FormRulesTrapInTheirOrder
{
    private static readonly Machine Small = MachineFile.Bundled("icebreaker") with { ParameterEntries = 256, RowScaleEntries = 256 };
    private static readonly Machine Middle = MachineFile.Bundled("ulx3s-85f");

    [Theory]
    [InlineData("LOAD rows=1 rowWords=1")]
    [InlineData("LOAD_WEIGHTS tiles=64")]
    [InlineData("LOAD_DYNAMIC kLength=256 columns=2 scratch=0x2")]
    [InlineData("LOAD_DYNAMIC kLength=1 columns=1 scratch=0x4 byColumns=1")]
    [InlineData("LOAD_PARAMETERS first=254 count=2")]
    [InlineData("LOAD_PARAMETERS count=256")]
    [InlineData("LOAD_TABLE slot=1 main=0x10")]
    [InlineData("COMPUTE rows=256 tiles=0")]
    [InlineData("COMPUTE rows=1 tiles=64 accumulate=1 shift7=1")]
    [InlineData("REQUANTIZE rows=256 columns=2 index=254 shift=63 output=0x1")]
    [InlineData("REQUANTIZE rows=256 columns=1 perRow=1 table=1 tableSlot=1")]
    [InlineData("REQUANTIZE rows=1 columns=1 wide=1 accumulate=1 output=0x2")]
    [InlineData("LAYER_NORM rows=4095 columns=255 write8=1")]
    [InlineData("LAYER_NORM rows=1 columns=1 index=254 write16=1 output16=0x4")]
    [InlineData("SOFTMAX rows=256 columns=4095")]
    [InlineData("SOFTMAX rows=1 columns=64 masked=1 index=254 rowScale=255")]
    [InlineData("MAP rows=1 columns=1 source=0x1 output=0x2 wideOutput=1 index=255")]
    [InlineData("ADD rows=1 columns=1 index=254")]
    [InlineData("END")]
    public void A_form_at_its_limit_is_legal(string text) => Assert.Equal((TrapReason.None, ""), FormRules.CheckWithText(InstructionText.Parse(text), Small));

    [Theory]
    [InlineData(".word 0x0", TrapReason.IllegalOpcode)]
    [InlineData(".word 0xd", TrapReason.IllegalOpcode)]
    [InlineData(".word 0xe", TrapReason.IllegalOpcode)]
    [InlineData(".word 0x11", TrapReason.IllegalOpcode)]
    [InlineData(".word 0x80000000000000000000000000000001", TrapReason.ReservedBits)]
    [InlineData("END wait=Load", TrapReason.OwnUnitToken)]
    [InlineData("END post=Store", TrapReason.OwnUnitToken)]
    [InlineData("LOAD rows=0 wait=Load", TrapReason.OwnUnitToken)]
    [InlineData("COMPUTE rows=1 post=Compute", TrapReason.OwnUnitToken)]
    [InlineData("LOAD rowWords=1", TrapReason.CountOutOfRange)]
    [InlineData("LOAD rows=1 main=0x8", TrapReason.CountOutOfRange)]
    [InlineData("LOAD_WEIGHTS", TrapReason.CountOutOfRange)]
    [InlineData("LOAD_WEIGHTS tiles=65", TrapReason.CountOutOfRange)]
    [InlineData("LOAD_DYNAMIC kLength=257 columns=1", TrapReason.CountOutOfRange)]
    [InlineData("LOAD_DYNAMIC kLength=1 columns=3", TrapReason.CountOutOfRange)]
    [InlineData("LOAD_DYNAMIC kLength=1", TrapReason.CountOutOfRange)]
    [InlineData("LOAD_PARAMETERS count=1", TrapReason.CountOutOfRange)]
    [InlineData("COMPUTE rows=257", TrapReason.CountOutOfRange)]
    [InlineData("COMPUTE tiles=1", TrapReason.CountOutOfRange)]
    [InlineData("REQUANTIZE rows=1 columns=3", TrapReason.CountOutOfRange)]
    [InlineData("LAYER_NORM rows=1 columns=1025 write8=1", TrapReason.CountOutOfRange)]
    [InlineData("SOFTMAX rows=1", TrapReason.CountOutOfRange)]
    [InlineData("MAP columns=1", TrapReason.CountOutOfRange)]
    [InlineData("ADD rows=1", TrapReason.CountOutOfRange)]
    [InlineData("STORE", TrapReason.NotOnThisMachine)]
    [InlineData("STORE rows=1 rowWords=1 post=Store", TrapReason.NotOnThisMachine)]
    [InlineData("LOAD rows=1 rowWords=1 main=0x8", TrapReason.Misaligned)]
    [InlineData("LOAD rows=1 rowWords=1 scratch=0x2", TrapReason.Misaligned)]
    [InlineData("LOAD_DYNAMIC kLength=1 columns=1 scratch=0x1", TrapReason.Misaligned)]
    [InlineData("LOAD_DYNAMIC kLength=1 columns=1 scratch=0x2 byColumns=1", TrapReason.Misaligned)]
    [InlineData("LOAD_PARAMETERS count=3", TrapReason.Misaligned)]
    [InlineData("LOAD_PARAMETERS first=1 count=2", TrapReason.Misaligned)]
    [InlineData("COMPUTE rows=1 source=0x2", TrapReason.Misaligned)]
    [InlineData("REQUANTIZE rows=1 columns=1 wide=1 output=0x1", TrapReason.Misaligned)]
    [InlineData("LAYER_NORM rows=1 columns=1 output8=0x2", TrapReason.Misaligned)]
    [InlineData("SOFTMAX rows=1 columns=1 output=0x1", TrapReason.Misaligned)]
    [InlineData("ADD rows=1 columns=1 b=0x2", TrapReason.Misaligned)]
    [InlineData("LOAD_PARAMETERS first=256 count=2", TrapReason.IndexOutOfRange)]
    [InlineData("LOAD_TABLE slot=2", TrapReason.IndexOutOfRange)]
    [InlineData("REQUANTIZE rows=1 columns=2 index=255", TrapReason.IndexOutOfRange)]
    [InlineData("REQUANTIZE rows=2 columns=1 index=255 perRow=1", TrapReason.IndexOutOfRange)]
    [InlineData("REQUANTIZE rows=1 columns=1 table=1 tableSlot=2", TrapReason.IndexOutOfRange)]
    [InlineData("LAYER_NORM rows=1 columns=256 write8=1", TrapReason.IndexOutOfRange)]
    [InlineData("SOFTMAX rows=1 columns=65 masked=1 index=254", TrapReason.IndexOutOfRange)]
    [InlineData("SOFTMAX rows=2 columns=1 rowScale=255", TrapReason.IndexOutOfRange)]
    [InlineData("MAP rows=1 columns=1 index=256", TrapReason.IndexOutOfRange)]
    [InlineData("ADD rows=1 columns=1 index=255", TrapReason.IndexOutOfRange)]
    [InlineData("COMPUTE rows=1 shift7=1", TrapReason.IllegalFlags)]
    [InlineData("REQUANTIZE rows=1 columns=1 accumulate=1", TrapReason.IllegalFlags)]
    [InlineData("REQUANTIZE rows=1 columns=1 wide=1 table=1", TrapReason.IllegalFlags)]
    [InlineData("REQUANTIZE rows=1 columns=1 tableSlot=1", TrapReason.IllegalFlags)]
    [InlineData("LAYER_NORM rows=1 columns=1", TrapReason.IllegalFlags)]
    [InlineData("LAYER_NORM rows=1 columns=1 write8=1 output16=0x4", TrapReason.IllegalFlags)]
    [InlineData("MAP rows=1 columns=1 wideOutput=1 table=1", TrapReason.IllegalFlags)]
    [InlineData("MAP rows=1 columns=1 tableSlot=1", TrapReason.IllegalFlags)]
    [InlineData("STORE rows=1 rowWords=1", TrapReason.NotOnThisMachine)]
    public void A_form_beyond_its_limit_traps_with_its_reason(string text, TrapReason reason) =>
        Assert.Equal(reason, FormRules.Check(InstructionText.Parse(text), Small));

    [Theory]
    [InlineData("REQUANTIZE rows=1 columns=8 index=8 output=0x8", TrapReason.None)]
    [InlineData("REQUANTIZE rows=1 columns=8 index=8 output=0x4", TrapReason.Misaligned)]
    [InlineData("REQUANTIZE rows=1 columns=8 index=8 output=0x8 wide=1", TrapReason.Misaligned)]
    [InlineData("REQUANTIZE rows=1 columns=8 index=4", TrapReason.Misaligned)]
    [InlineData("REQUANTIZE rows=1 columns=8 index=4 perRow=1", TrapReason.None)]
    [InlineData("LAYER_NORM rows=1 columns=1009 write8=1", TrapReason.None)]
    [InlineData("LAYER_NORM rows=1 columns=1009 write8=1 index=8", TrapReason.IndexOutOfRange)]
    [InlineData("LAYER_NORM rows=1 columns=1001 write8=1 index=8", TrapReason.None)]
    [InlineData("LAYER_NORM rows=1 columns=1008 write8=1 index=12", TrapReason.Misaligned)]
    [InlineData("SOFTMAX rows=1 columns=1 masked=1 index=1016", TrapReason.IndexOutOfRange)]
    [InlineData("SOFTMAX rows=1 columns=1 index=1016", TrapReason.None)]
    [InlineData("ADD rows=1 columns=1 index=1016", TrapReason.IndexOutOfRange)]
    [InlineData("MAP rows=1 columns=1 source=0x10 wideSource=1 output=0x8", TrapReason.None)]
    [InlineData("MAP rows=1 columns=1 source=0x8 wideSource=1 output=0x8", TrapReason.Misaligned)]
    [InlineData("STORE rows=1 rowWords=1", TrapReason.None)]
    [InlineData("STORE rows=1", TrapReason.CountOutOfRange)]
    public void Lanes_and_word_of_the_machine_count(string text, TrapReason reason) =>
        Assert.Equal(reason, FormRules.Check(InstructionText.Parse(text), Middle));

    [Fact]
    public void Random_fields_reach_every_rule_of_every_instruction()
    {
        var random = new Random(11);
        foreach (InstructionDefinition definition in InstructionSet.All)
        {
            HashSet<string> reached = [];
            for (int i = 0; i < 20_000; i++)
            {
                Instruction instruction = Instruction.Of(definition);
                // Small values as often as great ones and round ones, so that late rules are reached too.
                foreach (Field field in definition.Fields)
                {
                    long value = random.NextInt64(1L << random.Next(field.Width + 1));
                    if (random.Next(2) == 0) value &= ~31L;
                    instruction = instruction.With(field, (uint)value);
                }

                reached.Add(FormRules.CheckWithText(instruction, random.Next(2) == 0 ? Small : Middle).Text);
            }

            Assert.Empty(FormRules.Of(definition.Code).Select(r => r.Text).Except(reached));
        }
    }

    [Fact]
    public void Any_128_bits_get_a_verdict()
    {
        var random = new Random(5);
        byte[] bytes = new byte[16];
        var seen = new HashSet<TrapReason>();
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(bytes);
            seen.Add(FormRules.Check(Instruction.ReadFrom(bytes), Small));
        }

        Assert.Empty(new[] { TrapReason.IllegalOpcode, TrapReason.ReservedBits }.Except(seen));
    }
}
