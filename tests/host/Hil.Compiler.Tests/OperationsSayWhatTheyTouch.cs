using Hil.Compiler.Lowering;
using Hil.Compiler.Plans;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Verification;
using Hil.Models.Quantized;

namespace Hil.Compiler.Tests;

/// <summary>
/// What lowering says of an operation, by which hazards and allocation go, is what the contract says of its instruction: the same operands, read or written as there,
/// from the same address on and as far; the same parameters, row scales and tables.
/// </summary>
public sealed class OperationsSayWhatTheyTouch
{
    [Theory]
    [MemberData(nameof(EveryWayOfLoweringIsRight.Cases), MemberType = typeof(EveryWayOfLoweringIsRight))]
    public void As_their_instructions_do(string graph, string machineName)
    {
        QuantizedGraph made = SmallGraph.All[graph].Make();
        Machine machine = TestMachines.All().Single(m => m.Name == machineName);
        foreach (LoweringChoice choice in ChoiceList.Groups(machine).SelectMany(g => g).Concat(ChoiceList.ForBusyArrays(machine))) AssertOf(made, machine, choice);
    }

    internal static void AssertOf(QuantizedGraph graph, Machine machine, LoweringChoice choice)
    {
        var plan = new Plan(machine);
        new GraphLowering(plan, graph, choice, PlantedFault.None).Lower();
        Assert.True(new ProgramBuilder(plan, CompilerOptions.Default).Schedule().Fits);
        Assert.Equal(plan.Regions.Count, plan.Regions.Select(r => r.Name).Where(n => n.Length > 0).Distinct().Count());
        foreach (Operation op in plan.Operations)
        {
            // What reads no sum can wait for what Compute waits for.
            Assert.Equal(op.Unit == Unit.Vector && op.Sum is null, op.Background);
            Instruction word = op.Operands.Aggregate(op.Word, (w, o) => w.With(o.Field, (uint)o.First));
            Access[] accesses = Accesses.Of(word, machine);
            Assert.Equal(Sorted(Of(accesses, Resource.Scratchpad).Select(a => (a.Operand, a.Writes))), Sorted(op.Operands.Select(o => (o.Field.Name, o.Writes))));
            foreach (Access access in Of(accesses, Resource.Scratchpad))
            {
                Operand operand = op.Operands.Single(o => o.Field.Name == access.Operand);
                Assert.True(operand.First == access.First && RoundUp(operand.End, machine.WordBytes) >= access.End && operand.End <= operand.Region.Address + operand.Region.Bytes, $"{word}: {operand}, {access}");
            }

            AssertEntries(op, EntryKind.Parameters, Of(accesses, Resource.Parameters));
            AssertEntries(op, EntryKind.RowScales, Of(accesses, Resource.RowScales));
            AssertEntries(op, EntryKind.Table, Of(accesses, Resource.Table));
        }
    }

    // An operation may name parts of what its instruction reads, each with its content.
    private static void AssertEntries(Operation op, EntryKind kind, Access[] accesses)
    {
        EntryUse[] uses = [.. op.Entries.Where(e => e.Kind == kind)];
        Assert.Equal(accesses.Length > 0, uses.Length > 0);
        if (accesses.Length == 0) return;
        Access access = accesses.Single();
        Assert.All(uses, u => Assert.Equal(access.Writes, u.Writes));
        Assert.Equal((access.First, access.End), (uses.Min(u => u.First), uses.Max(u => u.First + u.Count)));
    }

    // A load of weights by columns fetches what is left of the word, too.
    private static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;

    private static Access[] Of(Access[] accesses, Resource resource) => [.. accesses.Where(a => a.Resource == resource)];

    private static (string, bool)[] Sorted(IEnumerable<(string Operand, bool Writes)> operands) => [.. operands.OrderBy(o => o.Operand, StringComparer.Ordinal)];
}
