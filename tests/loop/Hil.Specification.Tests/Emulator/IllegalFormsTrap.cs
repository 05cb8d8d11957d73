using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Specification.Comparison;
using Hil.Specification.Forms;
using Hil.Specification.Programs;
using Hil.Specification.Timing;
using EngineTiming = Hil.Emulator.Timing.TimingResult;

namespace Hil.Specification.Tests.Emulator;

public sealed class IllegalFormsTrap
{
    private static readonly IReadOnlyList<Machine> Machines =
        [.. MachineFile.BundledNames.Select(MachineFile.Bundled), .. Enumerable.Range(0, 20).Select(MachineGenerator.Make)];

    [Fact]
    public void Each_breaks_its_rule_in_the_contract_and_in_the_specification()
    {
        foreach (Machine machine in Machines)
        {
            Assert.All(IllegalForms.On(machine), form =>
            {
                Assert.Equal((form.Rule, form.Reason), (form.Rule, LegalForm.Check(form.Instruction, machine)));
                Assert.Equal((form.Rule, form.Reason), (form.Rule, FormRules.Check(form.Instruction, machine)));
            });
        }
    }

    /// <summary>All rules of the contract are broken by some form on some machine, and every base form is legal.</summary>
    [Fact]
    public void Every_rule_is_broken_by_one_of_them()
    {
        HashSet<string> broken =
        [
            .. Machines.SelectMany(m => IllegalForms.On(m)
                .Select(f => $"{f.Instruction.Opcode}: {FormRules.CheckWithText(f.Instruction, m).Text}")),
        ];
        IEnumerable<string> rules = InstructionSet.All.SelectMany(d => FormRules.Of(d.Code).Select(r => $"{d.Code}: {r.Text}"));
        Assert.Empty(rules.Except(broken));
        foreach (InstructionDefinition definition in InstructionSet.All.Where(d => d.Code != Opcode.Store))
        {
            Assert.All(Machines, m => Assert.Equal(TrapReason.None, LegalForm.Check(IllegalForms.Legal(definition), m)));
        }
    }

    [Fact]
    public void Random_words_are_judged_alike()
    {
        var random = new Random(5);
        for (int n = 0; n < 200_000; n++)
        {
            Machine machine = Machines[n % Machines.Count];
            InstructionDefinition definition = InstructionSet.All[random.Next(InstructionSet.All.Count)];
            Instruction i = IllegalForms.Legal(definition);
            for (int flips = random.Next(1, 6); flips > 0 && definition.Fields.Count > 0; flips--)
            {
                Field field = definition.Fields[random.Next(definition.Fields.Count)];
                uint value = (uint)random.NextInt64(1L << random.Next(1, field.Width + 1));
                i = i.With(field, random.Next(2) == 0 ? value & ~31u : value);
            }

            Assert.Equal((i, FormRules.Check(i, machine)), (i, LegalForm.Check(i, machine)));
        }
    }

    /// <summary>After legal instructions, with the trap's index, and with every counter equal.</summary>
    [Fact]
    public void Each_traps_with_its_reason_and_index_in_interpreter_and_emulator()
    {
        foreach (Machine machine in Machines)
        {
            int seed = 0;
            foreach (IllegalForm form in IllegalForms.On(machine))
            {
                GeneratedProgram legal = ProgramGenerator.Make(machine, seed, new GeneratorOptions(Length: seed % 4));
                seed++;
                AssertTraps(Insert(legal, form.Instruction), form);
            }
        }
    }

    private static void AssertTraps(GeneratedProgram generated, IllegalForm form)
    {
        Machine machine = generated.Machine;
        int index = generated.Program.InstructionCount - 2;
        TimingResult expected = Interpreter.Run(machine, generated.Program, i => LegalForm.Check(i, machine));
        Assert.Equal((form.Rule, new TrapRecord(form.Reason, index)), (form.Rule, expected.Trap));
        EngineTiming timing = EmulatorRunner.Engine(generated, EmulatorOptions.Default).Timing;
        Assert.Null(TimingDivergence.Find(generated, expected, timing.Trap, timing.Counters, timing.Trace));
    }

    /// <summary>The illegal instruction before END.</summary>
    private static GeneratedProgram Insert(GeneratedProgram generated, Instruction illegal)
    {
        List<Instruction> code = [.. generated.Instructions];
        code.Insert(code.Count - 1, illegal);
        return Rewritten.With(generated, code);
    }
}
