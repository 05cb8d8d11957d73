using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Contract.Verification;
using static Hil.Contract.Verification.FindingKind;
using static Hil.Contract.Verification.VerifierMutation;
using Code = Hil.Contract.Isa;

namespace Hil.Mutants.Tests.Verifier;

/// <summary>For each rule of the verifier a program that breaks it and nothing else: with the rule taken away, the program passes.</summary>
internal static class VerifierMutants
{
    public static readonly Mutant[] All =
    [
        Of(FormsUnchecked, Form, [new Instruction(Load().Word | (UInt128.One << 127))]),
        Of(EndAnywhere, FindingKind.End, [Load()], end: false),
        Of(BankEndUnchecked, FindingKind.Range, [Load(scratch: VerifierSubjects.BankBytes - 4, rows: 2)]),
        Of(ScratchpadEndUnchecked, FindingKind.Range, [Load(scratch: 2 * VerifierSubjects.BankBytes)]),
        Of(WrittenRowsMayOverlap, FindingKind.Range, [Load(rows: 2, words: 2)]),
        Of(RegionEndUnchecked, FindingKind.Range, [Load(main: VerifierSubjects.RamEnd - 16, words: 8)]),
        Of(StoreAnywhere, FindingKind.Range, [Store(main: 0x8000)]),
        Of(ImageMayBeOverwritten, Image, [Store(main: VerifierSubjects.ImageInRam)], imageBase: VerifierSubjects.ImageInRam),
        Of(ConstantsAnywhere, Image, [Parameters(main: 0x8000)]),
        Of(TileIndicesMayRepeat, Tiles, [Weights(VerifierSubjects.TwoTilesAlike, 2)]),
        Of(TileCountUnchecked, Tiles, [Weights(VerifierSubjects.TwoTiles, 2).WithTokens(default, UnitSet.Compute), Product(1).WithTokens(UnitSet.Load, default)]),
        Of(SlotMayBeEmpty, Tiles, [Product(1)]),
        Of(TileReachUnchecked, FindingKind.Range, [Weights(VerifierSubjects.FarTile, 1).WithTokens(default, UnitSet.Compute), Product(1).WithTokens(UnitSet.Load, default)]),
        Of(OutputMayOverlap, Overlap, [Copy(0, 4)]),
        Of(BanksMayBeShared, Race, [Copy(0, VerifierSubjects.BankBytes), Store(scratch: 0)]),
        Of(ReadsDoNotRace, Race, [Scale(), Product(0)]),
        Of(HalvesDoNotRace, Race, [Product(0), Scale()]),
        Of(ParametersDoNotRace, Race, [Parameters(), Scale()]),
        Of(MainDoesNotRace, Race, [Store(scratch: 0), Load(main: VerifierSubjects.Ram, scratch: VerifierSubjects.BankBytes)]),
        Of(WaitsMayHang, FindingKind.Deadlock, [Load().WithTokens(UnitSet.Store, default)]),
        Of(CounterOneLonger, Overflow,
        [
            .. Enumerable.Repeat(Load().WithTokens(default, UnitSet.Compute), 16),
            .. Enumerable.Repeat(Product(0).WithTokens(UnitSet.Load, default), 16),
        ]),
        Of(PlacesUnchecked, FindingKind.Place, [Load()], outputAddress: 2 * VerifierSubjects.BankBytes),
    ];

    private static Mutant Of(
        VerifierMutation mutation, FindingKind kind, Instruction[] code, bool end = true, uint imageBase = 0, uint outputAddress = 0)
    {
        ProgramImage program = VerifierSubjects.Program(end ? [.. code, Instruction.Of(Code.End.Definition)] : code, imageBase, outputAddress);
        ProgramImage legal = VerifierSubjects.Program([Instruction.Of(Code.End.Definition)], imageBase, 0);
        return new Mutant("Verifier", mutation.ToString(), planted => Check(program, legal, kind, planted ? mutation : VerifierMutation.None), $"{kind} is not found");
    }

    /// <summary>The named check: the verifier finds this kind of fault in the program, and nothing in a legal one.</summary>
    private static string? Check(ProgramImage program, ProgramImage legal, FindingKind kind, VerifierMutation mutation)
    {
        if (Contract.Verification.Verifier.Verify(legal, VerifierSubjects.Machine, mutation) is { Count: > 0 } noise)
        {
            return $"a legal program is refused: {noise[0]}";
        }

        try
        {
            IReadOnlyList<Finding> findings = Contract.Verification.Verifier.Verify(program, VerifierSubjects.Machine, mutation);
            return findings.Any(f => f.Kind == kind) ? null
                : $"{kind} is not found; instead: {string.Join("; ", findings.DefaultIfEmpty(new Finding(-1, kind, "nothing")))}";
        }
        catch (IndexOutOfRangeException e)
        {
            // Later rules rest on this one.
            return $"{kind} is not found; instead: {e.Message}";
        }
    }

    private static Instruction Load(uint main = VerifierSubjects.Ram, uint scratch = 0, uint rows = 1, uint words = 1) => Instruction.Of(
        Code.Load.Definition,
        (Code.Load.Main, main), (Code.Load.Scratch, scratch), (Code.Load.Rows, rows), (Code.Load.RowWords, words), (Code.Load.Stride, 1u));

    private static Instruction Store(uint main = VerifierSubjects.Ram, uint scratch = 0) => Instruction.Of(
        Code.Store.Definition,
        (Code.Store.Main, main), (Code.Store.Scratch, scratch), (Code.Store.Rows, 1u), (Code.Store.RowWords, 1u), (Code.Store.Stride, 1u));

    private static Instruction Parameters(uint main = 0) => Instruction.Of(
        LoadParameters.Definition, (LoadParameters.Main, main), (LoadParameters.Count, 2u));

    private static Instruction Weights(uint main, uint tiles) => Instruction.Of(
        LoadWeights.Definition, (LoadWeights.Main, main), (LoadWeights.Tiles, tiles));

    private static Instruction Product(uint tiles) => Instruction.Of(
        Compute.Definition, (Compute.Rows, 1u), (Compute.Stride, 1u), (Compute.Tiles, tiles));

    private static Instruction Scale() => Instruction.Of(
        Requantize.Definition, (Requantize.Rows, 1u), (Requantize.Columns, 2u), (Requantize.Stride, 1u));

    private static Instruction Copy(uint source, uint output) => Instruction.Of(
        Map.Definition,
        (Map.Source, source), (Map.Output, output), (Map.Rows, 1u), (Map.Columns, 8u), (Map.SourceStride, 2u), (Map.OutputStride, 2u));
}
