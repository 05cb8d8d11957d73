using Hil.Contract.Isa;
using Hil.Contract.Programs;

namespace Hil.Compiler.Tests;

/// <summary>The steps that a program's loop nests describe against its instructions.</summary>
internal static class NestSteps
{
    private static readonly Opcode[] Counted = [Opcode.LoadWeights, Opcode.Compute, Opcode.LayerNorm, Opcode.Softmax, Opcode.Map, Opcode.Add];

    /// <summary>What differs in number, by kind; empty if nothing does.</summary>
    public static string Differing(ProgramImage program)
    {
        Dictionary<string, long> steps = program.Nests
            .SelectMany(n => n.Stages)
            .SelectMany(stage => stage.Steps, (stage, step) => (Kind: $"{step.Kind}", stage.Count))
            .GroupBy(s => s.Kind)
            .ToDictionary(g => g.Key, g => g.Sum(s => s.Count));
        return string.Join("; ",
            from opcode in Counted
            let instructions = Enumerable.Range(0, program.InstructionCount).Count(i => program[i].Opcode == opcode)
            where steps.GetValueOrDefault($"{opcode}") != instructions
            select $"{opcode}: {instructions} instructions, {steps.GetValueOrDefault($"{opcode}")} steps in the nests");
    }
}
