using System.Collections;
using Hil.Contract.Isa;
using Hil.Contract.Verification;

namespace Hil.Contract.Tests.Verification;

public sealed class TokenPlacementOrdersConflicts
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_conflicting_pair_is_ordered_and_no_token_is_superfluous(int banks)
    {
        for (int seed = 0; seed < 30; seed++)
        {
            Instruction[] placed = TokenPlacement.Place(RandomInstructions.Program(120, seed, banks), RandomInstructions.Machine);
            List<(int From, int To)> edges = Edges(placed);
            Assert.Null(Unordered(placed, edges));
            foreach ((int From, int To) edge in edges)
                Assert.NotNull(Unordered(placed, [.. edges.Where(e => e != edge)]));
        }
    }

    [Fact]
    public void Two_reads_of_one_bank_by_different_units_are_ordered()
    {
        Instruction[] placed = TokenPlacement.Place(
            [
                Instruction.Of(Compute.Definition, (Compute.Source, 0u), (Compute.Rows, 1u), (Compute.Tiles, 1u)),
                Instruction.Of(Store.Definition, (Store.Rows, 1u), (Store.RowWords, 1u)),
                Instruction.Of(End.Definition),
            ],
            RandomInstructions.Machine);

        Assert.Equal(UnitSet.Store, placed[0].Post);
        Assert.Equal(UnitSet.Compute, placed[1].Wait);
    }

    [Fact]
    public void An_order_that_follows_from_another_costs_no_token()
    {
        // LOAD -> COMPUTE -> REQUANTIZE: requantize writes what LOAD has written, after COMPUTE has read it.
        Instruction[] placed = TokenPlacement.Place(
            [
                Instruction.Of(Load.Definition, (Load.Rows, 1u), (Load.RowWords, 1u)),
                Instruction.Of(Compute.Definition, (Compute.Source, 0u), (Compute.Rows, 1u), (Compute.Tiles, 1u)),
                Instruction.Of(Requantize.Definition, (Requantize.Rows, 1u), (Requantize.Columns, 1u), (Requantize.Output, 0u)),
            ],
            RandomInstructions.Machine);

        Assert.Equal(UnitSet.Compute, placed[0].Post);
        Assert.Equal(UnitSet.Compute, placed[2].Wait);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_counter_passes_its_limit_whatever_the_durations(bool postsFirst)
    {
        // 40 parameter loads of their own entries, and 40 requantizations that each need one of them.
        var loads = Enumerable.Range(0, 40).Select(i => Instruction.Of(
            LoadParameters.Definition, (LoadParameters.First, (uint)i * 8), (LoadParameters.Count, 8u)));
        var uses = Enumerable.Range(0, 40).Select(i => Instruction.Of(
            Requantize.Definition, (Requantize.Rows, 1u), (Requantize.Columns, 8u), (Requantize.Index, (uint)i * 8)));
        IEnumerable<Instruction> program = postsFirst ? loads.Concat(uses) : loads.Zip(uses).SelectMany(p => new[] { p.First, p.Second });

        Instruction[] placed = TokenPlacement.Place([.. program, Instruction.Of(End.Definition)], RandomInstructions.Machine);

        Assert.Null(Unordered(placed, Edges(placed)));
        for (int seed = 0; seed < 50; seed++) Assert.InRange(GreatestCounter(placed, seed), 1, 15);
        Assert.InRange(GreatestCounterBySlowestWaits(placed), 10, 15);
    }

    [Fact]
    public void Random_programs_run_to_their_end_under_any_durations_with_counters_in_bounds()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Instruction[] placed = TokenPlacement.Place(RandomInstructions.Program(400, seed), RandomInstructions.Machine);
            Assert.InRange(GreatestCounter(placed, seed), 1, 15);
        }
    }

    private static List<(int From, int To)> Edges(Instruction[] program)
    {
        var posts = new Dictionary<(Unit, Unit), Queue<int>>();
        List<(int, int)> edges = [];
        for (int i = 0; i < program.Length; i++)
        {
            Unit unit = InstructionSet.Find(program[i].Opcode)!.Unit;
            foreach (Unit other in Units.Executing)
            {
                if (((int)program[i].Wait & (1 << (int)other)) != 0) edges.Add((posts[(other, unit)].Dequeue(), i));
            }

            foreach (Unit other in Units.Executing)
            {
                if (((int)program[i].Post & (1 << (int)other)) == 0) continue;
                if (!posts.TryGetValue((unit, other), out Queue<int>? queue)) posts[(unit, other)] = queue = new();
                queue.Enqueue(i);
            }
        }

        Assert.All(posts.Values, q => Assert.Empty(q));
        return edges;
    }

    // The plain definition: everything before an instruction, by closure; then every pair is looked at.
    private static (int, int)? Unordered(Instruction[] program, List<(int From, int To)> edges)
    {
        var before = new BitArray[program.Length];
        int[] last = [-1, -1, -1, -1, -1];
        ILookup<int, int> from = edges.ToLookup(e => e.To, e => e.From);
        Access[][] accesses = [.. program.Select(i => Accesses.Of(i, RandomInstructions.Machine))];
        for (int i = 0; i < program.Length; i++)
        {
            before[i] = new BitArray(program.Length);
            int unit = (int)InstructionSet.Find(program[i].Opcode)!.Unit;
            foreach (int j in from[i].Append(last[unit]).Where(j => j >= 0))
            {
                before[i].Or(before[j]);
                before[i][j] = true;
            }

            last[unit] = i;
            for (int j = 0; j < i; j++)
            {
                if (InstructionSet.Find(program[j].Opcode)!.Unit != (Unit)unit && !before[i][j] && Conflict(accesses[j], accesses[i])) return (j, i);
            }
        }

        return null;
    }

    private static bool Conflict(Access[] a, Access[] b) => a.Any(x => b.Any(y => x.Resource == y.Resource
        && (x.Resource == Resource.Scratchpad
            ? x.First / RandomInstructions.Machine.Scratchpad.BankBytes == y.First / RandomInstructions.Machine.Scratchpad.BankBytes
            : (x.Writes || y.Writes) && x.First < y.First + y.RowLength && y.First < x.First + x.RowLength)));

    private static int GreatestCounter(Instruction[] program, int seed)
    {
        var random = new Random(seed);
        return GreatestCounter(program, ready => ready[random.Next(ready.Count)]);
    }

    // Always lets the unit with most to give go first.
    private static int GreatestCounterBySlowestWaits(Instruction[] program) => GreatestCounter(program, ready => ready[0]);

    // Unbounded queues and arbitrary durations: more interleavings than any machine has.
    private static int GreatestCounter(Instruction[] program, Func<List<int>, int> choose)
    {
        var queues = Units.Executing.Select(u => new Queue<Instruction>(program.Where(i => InstructionSet.Find(i.Opcode)!.Unit == u))).ToArray();
        int[] tokens = new int[16];
        int greatest = 0;
        while (queues.Any(q => q.Count > 0))
        {
            List<int> ready = [.. Enumerable.Range(0, 4).Where(u => queues[u].Count > 0
                && Enumerable.Range(0, 4).All(p => ((int)queues[u].Peek().Wait & (1 << p)) == 0 || tokens[(p * 4) + u] > 0))];
            Assert.NotEmpty(ready);
            int unit = choose(ready);
            Instruction instruction = queues[unit].Dequeue();
            for (int p = 0; p < 4; p++)
            {
                if (((int)instruction.Wait & (1 << p)) != 0) tokens[(p * 4) + unit]--;
                if (((int)instruction.Post & (1 << p)) != 0) greatest = Math.Max(greatest, ++tokens[(unit * 4) + p]);
            }
        }

        return greatest;
    }
}
