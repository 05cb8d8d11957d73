using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;

namespace Hil.Contract.Verification;

/// <summary>
/// Whether every two conflicting accesses of different units are ordered by tokens. All orders lead forward in the program, so each access
/// is compared with the last one of every other unit to the same bank, slot, half, entry or byte.
/// </summary>
internal sealed class RaceCheck
{
    private readonly Machine _machine;
    private readonly TokenGraph _tokens;
    private readonly FindingList _findings;
    private readonly ProgramImage _program;
    private readonly Dictionary<Resource, Last[]> _cells;
    private readonly MainMemoryLog _main = new();
    private readonly VerifierMutation _mutation;

    public RaceCheck(ProgramImage program, Machine machine, TokenGraph tokens, FindingList findings, VerifierMutation mutation)
    {
        (_program, _machine, _tokens, _findings, _mutation) = (program, machine, tokens, findings, mutation);
        _cells = new()
        {
            [Resource.Scratchpad] = Cells(machine.Scratchpad.Banks),
            [Resource.WeightSlot] = Cells(2),
            [Resource.AccumulatorHalf] = Cells(2),
            [Resource.Parameters] = Cells(machine.ParameterEntries),
            [Resource.Table] = Cells(machine.TableSlots),
            [Resource.RowScales] = Cells(machine.RowScaleEntries),
        };
    }

    public void Run(Instruction[] instructions)
    {
        bool stores = instructions.Any(i => i.Opcode == Opcode.Store);
        Span<Access> buffer = new Access[Accesses.Most];
        for (int index = 0; index < instructions.Length; index++)
        {
            int unit = (int)_tokens.UnitOf(index);
            if (unit >= Units.Count) continue;
            Span<Access> accesses = buffer[..Accesses.Write(instructions[index], _machine, buffer)];
            foreach (ref readonly Access access in accesses)
            {
                if (IsMutatedAway(access.Resource)) continue;
                if (access.Resource == Resource.Main)
                {
                    // The image is never written, so only the rest can be raced for.
                    if (stores && (access.Writes || access.First < _program.ImageBase || access.End > _program.ImageBase + (long)_program.Image.Length))
                        CheckMain(index, unit, access);
                }
                else
                {
                    CheckCells(index, unit, access);
                }
            }
        }
    }

    private void CheckCells(int index, int unit, in Access access)
    {
        Last[] cells = _cells[access.Resource];
        bool bank = access.Resource == Resource.Scratchpad;
        bool exclusive = bank && _mutation != VerifierMutation.BanksMayBeShared;
        int first = bank ? access.Bank(_machine) : (int)access.First;
        int end = bank ? first + 1 : (int)access.End;
        for (int cell = first; cell < end; cell++)
        {
            Last last = cells[cell];
            for (int other = 0; other < Units.Count; other++)
            {
                if (other == unit) continue;
                int before = (access.Writes && _mutation != VerifierMutation.ReadsDoNotRace) || exclusive ? Math.Max(last.Read[other], last.Write[other]) : last.Write[other];
                if (before <= _tokens.Over(index)[other]) continue;
                Report(index, other, before, $"{access.Operand}: {(bank ? "bank" : access.Resource)} {cell}");
                end = cell + 1;
            }

            (access.Writes ? last.Write : last.Read)[unit] = _tokens.Number(index);
        }
    }

    private void CheckMain(int index, int unit, in Access access)
    {
        for (int other = 0; other < Units.Count; other++)
        {
            if (other == unit) continue;
            int before = _main.LastConflict(other, access.First, access.End, access.Writes);
            if (before > _tokens.Over(index)[other])
                Report(index, other, before, $"{access.Operand}: main memory from 0x{access.First:X} on");
        }

        _main.Note(unit, access.First, access.End, access.Writes, _tokens.Number(index));
    }

    private bool IsMutatedAway(Resource resource) => _mutation switch
    {
        VerifierMutation.HalvesDoNotRace => resource == Resource.AccumulatorHalf,
        VerifierMutation.ParametersDoNotRace => resource == Resource.Parameters,
        VerifierMutation.MainDoesNotRace => resource == Resource.Main,
        _ => false,
    };

    private void Report(int index, int other, int before, string what) => _findings.Add(
        index, FindingKind.Race, $"{what} may still be in use by instruction {before} of {(Unit)other} (counted from 1 in its unit); no token orders them");

    private static Last[] Cells(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new Last(new int[Units.Count], new int[Units.Count]))];

    private sealed record Last(int[] Read, int[] Write);
}
