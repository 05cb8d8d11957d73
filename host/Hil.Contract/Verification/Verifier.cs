using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Contract.Verification;

/// <summary>
/// Decides whether a program is legal: every form, every range, no race, no deadlock, no token overflow. A legal program gives the
/// same bytes in program order and in the hardware's order.
/// </summary>
/// <remarks>
/// Shares the list of what an instruction touches with <see cref="TokenPlacement"/>, but not the reasoning: here the tokens that are
/// in the program are taken as they are, and every access is checked against what is known to be over.
/// </remarks>
public static class Verifier
{
    /// <summary>Findings after this many are not collected.</summary>
    public const int MostFindings = 100;

    /// <summary>All findings, at most <see cref="MostFindings"/>; none for a legal program.</summary>
    /// <param name="mutation">A rule to leave out, for tests of the tests.</param>
    public static IReadOnlyList<Finding> Verify(ProgramImage program, Machine machine, VerifierMutation mutation = VerifierMutation.None)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(machine);
        var findings = new FindingList();
        if (mutation != VerifierMutation.PlacesUnchecked) PlaceCheck.Check(program, machine, findings);
        Instruction[] instructions = new Instruction[program.InstructionCount];
        for (int i = 0; i < instructions.Length; i++) instructions[i] = program[i];
        CheckForms(instructions, machine, findings, mutation);
        if (findings.Any) return findings.ToArray();

        new RangeCheck(program, machine, findings, mutation).Run(instructions);
        if (findings.Any) return findings.ToArray();

        var tokens = new TokenGraph(instructions, findings, mutation);
        if (findings.Any) return findings.ToArray();

        new RaceCheck(program, machine, tokens, findings, mutation).Run(instructions);
        tokens.CheckOverflow(findings);
        return findings.ToArray();
    }

    /// <summary>Refuses an illegal program with its first findings.</summary>
    /// <exception cref="HilException">Kind BadInput.</exception>
    public static void Require(ProgramImage program, Machine machine, string where)
    {
        IReadOnlyList<Finding> findings = Verify(program, machine);
        if (findings.Count == 0) return;
        throw new HilException(
            ExitKind.BadInput, $"The program is not legal: {string.Join("; ", findings.Take(5))}.", where,
            "Compile it anew; if it comes from this compiler, report the model.");
    }

    private static void CheckForms(Instruction[] instructions, Machine machine, FindingList findings, VerifierMutation mutation)
    {
        for (int i = 0; i < instructions.Length; i++)
        {
            (TrapReason reason, string text) = FormRules.CheckWithText(instructions[i], machine);
            if (reason != TrapReason.None && mutation != VerifierMutation.FormsUnchecked) findings.Add(i, FindingKind.Form, $"{reason}: {text}");
            bool last = i == instructions.Length - 1;
            if (last != (instructions[i].Opcode == Opcode.End) && mutation != VerifierMutation.EndAnywhere)
                findings.Add(i, FindingKind.End, last ? "the last instruction is not END" : "END is not the last instruction");
        }
    }
}

/// <summary>Collects findings up to the limit.</summary>
internal sealed class FindingList
{
    private readonly List<Finding> _findings = [];

    public bool Any => _findings.Count > 0;

    public void Add(int instruction, FindingKind kind, string text)
    {
        if (_findings.Count < Verifier.MostFindings) _findings.Add(new(instruction, kind, text));
    }

    public Finding[] ToArray() => [.. _findings];
}
