using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Contract.Tests.Programs;
using Hil.Contract.Verification;

namespace Hil.Contract.Tests.Verification;

public sealed class VerifierRefusesIllegalPrograms
{
    private const UnitSet None = UnitSet.None;

    [Fact]
    public void A_legal_program_has_no_finding() =>
        Assert.Empty(Verifier.Verify(SamplePrograms.Product(), SamplePrograms.Icebreaker));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void Without_the_tokens_of_an_instruction_it_races_or_waits_for_ever(int index)
    {
        Instruction[] program = SamplePrograms.ProductInstructions();
        program[index] = program[index].WithTokens(None, None);

        IReadOnlyList<Finding> findings = Verify(program);

        Assert.NotEmpty(findings);
        Assert.All(findings, f => Assert.True(f.Kind is FindingKind.Race or FindingKind.Deadlock, f.ToString()));
    }

    [Fact]
    public void Every_token_of_random_programs_is_needed_and_its_loss_is_found()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            Instruction[] bare = RandomProducts(60, seed);
            Instruction[] program = TokenPlacement.Place(bare, SamplePrograms.Icebreaker);
            Assert.DoesNotContain(Verify(program), f => f.Kind is FindingKind.Race or FindingKind.Deadlock or FindingKind.Overflow);
            for (int i = 0; i < program.Length; i++)
            {
                for (int bit = 0; bit < 4; bit++)
                {
                    UnitSet one = (UnitSet)(1 << bit);
                    if ((program[i].Post & one) == None) continue;
                    Instruction[] changed = [.. program];
                    changed[i] = changed[i].WithTokens(changed[i].Wait, changed[i].Post & ~one);
                    Assert.NotEmpty(Verify(changed));
                }
            }
        }
    }

    [Fact]
    public void Random_programs_over_main_memory_are_free_of_races_as_placed_and_not_without_tokens()
    {
        int races = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            Instruction[] program = TokenPlacement.Place(RandomInstructions.Program(200, seed), RandomInstructions.Machine);
            Assert.Empty(Races(program));
            races += Races([.. program.Select(i => i.WithTokens(None, None))]).Length;
        }

        Assert.True(races > 1000, $"{races} races");
    }

    [Fact]
    public void A_store_that_a_load_of_another_unit_overtakes_is_found_by_the_byte()
    {
        Instruction store = Instruction.Of(
            Store.Definition, (Store.Main, RandomInstructions.Buffer), (Store.Scratch, 65536u), (Store.Rows, 1u), (Store.RowWords, 1u));
        Instruction Load(uint offset) => Instruction.Of(
            Contract.Isa.Load.Definition, (Contract.Isa.Load.Main, RandomInstructions.Buffer + offset), (Contract.Isa.Load.Rows, 1u),
            (Contract.Isa.Load.RowWords, 1u));

        Assert.Single(Races([store, Load(0)]));
        Assert.Empty(Races([store, Load(16)]));
        Assert.Single(Races([Load(0), store]));
    }

    [Fact]
    public void A_wait_that_only_a_later_instruction_could_satisfy_is_a_deadlock()
    {
        Instruction[] program = SamplePrograms.ProductInstructions();
        program[0] = program[0].WithTokens(UnitSet.Vector, program[0].Post);
        program[3] = program[3].WithTokens(program[3].Wait, UnitSet.Load);

        Assert.Contains(Verify(program), f => f is { Instruction: 0, Kind: FindingKind.Deadlock });
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    public void A_counter_may_reach_fifteen_and_not_more(int posts, bool overflows)
    {
        Instruction load = Instruction.Of(LoadTable.Definition, (LoadTable.Main, 0u)).WithTokens(None, UnitSet.Compute);
        Instruction[] program = [.. Enumerable.Repeat(load, posts), Instruction.Of(End.Definition)];

        Assert.Equal(overflows, Verify(program).Any(f => f.Kind == FindingKind.Overflow));
    }

    [Fact]
    public void Tokens_that_are_surely_taken_do_not_count()
    {
        // A ring of Load and Compute: each load after the first waits for the compute before it.
        Instruction load = Instruction.Of(LoadTable.Definition, (LoadTable.Main, 0u));
        Instruction compute = Instruction.Of(Compute.Definition, (Compute.Rows, 1u)).WithTokens(UnitSet.Load, UnitSet.Load);
        List<Instruction> program = [];
        for (int i = 0; i < 40; i++)
        {
            program.Add(load.WithTokens(i == 0 ? None : UnitSet.Compute, UnitSet.Compute));
            program.Add(compute);
        }

        Assert.Empty(Verify([.. program, Instruction.Of(End.Definition)]));
    }

    [Theory]
    [InlineData("LOAD main=0x0 scratch=0x1fffc rows=2 rowWords=1 stride=1", FindingKind.Range)]
    [InlineData("LOAD main=0x0 scratch=0xfffc rows=2 rowWords=1 stride=1", FindingKind.Range)]
    [InlineData("LOAD main=0x0 scratch=0x20000 rows=1 rowWords=1", FindingKind.Range)]
    [InlineData("LOAD main=0x0 scratch=0x0 rows=2 rowWords=2 stride=1", FindingKind.Range)]
    [InlineData("LOAD main=0x1000000 scratch=0x0 rows=1 rowWords=1", FindingKind.Range)]
    [InlineData("LOAD main=0xfffff0 scratch=0x0 rows=5 rowWords=1 stride=1", FindingKind.Range)]
    [InlineData("LOAD_WEIGHTS main=0x8000 tiles=1", FindingKind.Image)]
    [InlineData("LOAD_PARAMETERS main=0x8000 count=2", FindingKind.Image)]
    [InlineData("LOAD_TABLE main=0x8000", FindingKind.Image)]
    [InlineData("LOAD_WEIGHTS main=0x0 tiles=3", FindingKind.Tiles)]
    [InlineData("COMPUTE source=0x0 stride=1 rows=1 tiles=1", FindingKind.Tiles)]
    [InlineData("COMPUTE source=0x0 stride=1 rows=1 tiles=1 slot=1", FindingKind.Tiles)]
    [InlineData("COMPUTE source=0xfffc stride=1 rows=1 tiles=2 slot=1", FindingKind.Range)]
    [InlineData("REQUANTIZE output=0x0 stride=0 rows=2 columns=2 perRow=1", FindingKind.Range)]
    [InlineData("SOFTMAX source=0x0 output=0x4 rows=2 columns=4", FindingKind.Overlap)]
    [InlineData("LAYER_NORM source=0x0 output8=0x0 rows=2 columns=4 write8=1", FindingKind.Overlap)]
    [InlineData("LAYER_NORM source=0x0 output8=0x100 output16=0x104 rows=2 columns=4 write8=1 write16=1", FindingKind.Overlap)]
    [InlineData("MAP source=0x0 output=0x0 sourceStride=1 outputStride=2 rows=2 columns=2", FindingKind.Overlap)]
    [InlineData("ADD a=0x0 b=0x100 output=0x104 rows=2 columns=4", FindingKind.Overlap)]
    [InlineData("MAP rows=1 columns=1 sourceStride=1 outputStride=1 output=0x3 tableSlot=1", FindingKind.Form)]
    [InlineData("STORE rows=1 rowWords=1", FindingKind.Form)]
    [InlineData("END", FindingKind.End)]
    [InlineData(".word 0x0", FindingKind.Form)]
    public void One_illegal_instruction_is_found_where_it_stands(string text, FindingKind kind)
    {
        Instruction[] program = [.. SamplePrograms.ProductInstructions()[..^1], InstructionText.Parse(text), Instruction.Of(End.Definition)];

        Assert.Contains(Verify(program), f => f.Instruction == 4 && f.Kind == kind);
    }

    [Theory]
    [InlineData("SOFTMAX source=0x0 output=0x0 rows=2 columns=4")]
    [InlineData("LAYER_NORM source=0x0 output8=0x100 output16=0x0 rows=2 columns=4 write8=1 write16=1")]
    [InlineData("MAP source=0x0 output=0x0 sourceStride=1 outputStride=1 rows=2 columns=2")]
    [InlineData("MAP source=0x0 output=0x4 sourceStride=2 outputStride=2 rows=2 columns=4")]
    [InlineData("ADD a=0x0 b=0x100 output=0x100 rows=2 columns=4")]
    [InlineData("LOAD main=0xfffff0 scratch=0x0 rows=4 rowWords=1 stride=1")]
    [InlineData("LOAD main=0x0 scratch=0xfffc rows=1 rowWords=1")]
    public void An_operand_at_its_limit_is_legal(string text) =>
        Assert.Empty(Verify([InstructionText.Parse(text), Instruction.Of(End.Definition)]));

    [Fact]
    public void Tile_indices_that_do_not_increase_are_found()
    {
        ProgramImage program = SamplePrograms.Product();
        byte[] image = program.Image.ToArray();
        image[10] = 0;

        Assert.Contains(
            Verifier.Verify(program with { Image = image }, SamplePrograms.Icebreaker), f => f is { Instruction: 0, Kind: FindingKind.Tiles });
    }

    [Fact]
    public void A_pruned_strip_reaches_as_far_as_its_highest_tile()
    {
        ProgramImage program = SamplePrograms.Product();
        byte[] image = program.Image.ToArray();
        image[11] = 0x40; // k = 0x4001: 65 540 bytes into each row

        Assert.Contains(
            Verifier.Verify(program with { Image = image }, SamplePrograms.Icebreaker), f => f is { Instruction: 2, Kind: FindingKind.Range });
    }

    [Fact]
    public void A_program_without_END_at_its_end_is_found() =>
        Assert.Contains(Verify(SamplePrograms.ProductInstructions()[..^1]), f => f.Kind == FindingKind.End);

    [Fact]
    public void Places_outside_of_the_memories_are_found()
    {
        ProgramImage program = SamplePrograms.Product();
        TensorPlace input = program.Inputs[0];
        ProgramImage[] wrong =
        [
            program with { Inputs = [input with { Address = 131072 - 32 }] },
            program with { Outputs = [input with { Address = 1 << 25, Space = Space.Main }] },
            program with { Inputs = [input with { Type = ElementType.Wide15, SecondAddress = 131072 }] },
            program with { Inputs = [input with { Space = Space.Main, Address = 0 }] },
            program with { ImageBase = 1u << 24, Entry = (1u << 24) + SamplePrograms.Entry },
        ];

        foreach (ProgramImage p in wrong)
            Assert.Contains(Verifier.Verify(p, SamplePrograms.Icebreaker), f => f.Kind is FindingKind.Place or FindingKind.Image);
    }

    [Fact]
    public void Requiring_a_legal_program_says_where_and_what()
    {
        Verifier.Require(SamplePrograms.Product(), SamplePrograms.Icebreaker, "p.hilp");
        ProgramImage illegal = SamplePrograms.Of([Instruction.Of(LoadTable.Definition, (LoadTable.Main, 0x8000u)), Instruction.Of(End.Definition)]);

        HilException e = Assert.Throws<HilException>(() => Verifier.Require(illegal, SamplePrograms.Icebreaker, "p.hilp"));

        Assert.Equal("p.hilp", e.Where);
        Assert.Contains("instruction 0: Image", e.What, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Finding> Verify(Instruction[] program) => Verifier.Verify(SamplePrograms.Of(program), SamplePrograms.Icebreaker);

    // Races alone, of programs whose weights and parameters lie nowhere in particular.
    private static Finding[] Races(Instruction[] program)
    {
        var findings = new FindingList();
        var tokens = new TokenGraph(program, findings, VerifierMutation.None);
        new RaceCheck(SamplePrograms.Of([Instruction.Of(End.Definition)]), RandomInstructions.Machine, tokens, findings, VerifierMutation.None).Run(program);
        tokens.CheckOverflow(findings);
        return findings.ToArray();
    }

    private static Instruction[] RandomProducts(int length, int seed)
    {
        var random = new Random(seed);
        List<Instruction> program = [];
        for (uint i = 0; i < length / 4; i++)
        {
            uint slot = i % 2;
            uint bank = (uint)random.Next(2) * 65536;
            program.Add(Instruction.Of(LoadWeights.Definition, (LoadWeights.Main, 0u), (LoadWeights.Tiles, 2u), (LoadWeights.Slot, slot)));
            program.Add(Instruction.Of(LoadParameters.Definition, (LoadParameters.Main, 32u), (LoadParameters.First, i % 4 * 2), (LoadParameters.Count, 2u)));
            program.Add(Instruction.Of(
                Compute.Definition, (Compute.Source, bank), (Compute.Stride, 2u), (Compute.Rows, 8u), (Compute.Tiles, 2u), (Compute.Slot, slot),
                (Compute.Half, slot)));
            program.Add(Instruction.Of(
                Requantize.Definition, (Requantize.Output, 65536 - bank), (Requantize.Stride, 1u), (Requantize.Rows, 8u), (Requantize.Columns, 2u),
                (Requantize.Half, slot), (Requantize.Index, i % 4 * 2)));
        }

        return [.. program, Instruction.Of(End.Definition)];
    }
}
