using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Verification;

namespace Hil.Specification.Tests.Programs;

/// <summary>Whether two instructions may not overlap in time, by the contract's own accesses: another derivation than the generator's.</summary>
internal static class RaceCheck
{
    public static string? Conflict(Machine machine, Instruction first, Instruction second)
    {
        foreach (Access a in Accesses.Of(first, machine))
        {
            foreach (Access b in Accesses.Of(second, machine))
            {
                bool together = a.Resource == Resource.Scratchpad
                    ? a.Bank(machine) == b.Bank(machine)
                    : a.First < b.End && b.First < a.End && (a.Writes || b.Writes);
                if (a.Resource == b.Resource && together)
                {
                    return $"{a.Resource} ({a.Operand} and {b.Operand})";
                }
            }
        }

        return null;
    }
}
