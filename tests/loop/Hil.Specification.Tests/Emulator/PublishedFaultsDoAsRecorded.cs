using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Specification.Comparison;
using Hil.Specification.Programs;

namespace Hil.Specification.Tests.Emulator;

/// <summary>
/// Each fault that the emulator publishes gives the memories, counters, retirements and traps that it gave when <c>published-faults.tsv</c> was written, over the
/// same random programs: its branch is code too, and no specification has it. Without a fault the specification is the judge, not the record.
/// </summary>
public sealed class PublishedFaultsDoAsRecorded
{
    private const string Record = "tests/loop/Hil.Specification.Tests/Emulator/published-faults.tsv";
    private const string HowToWrite = $"HIL_REGENERATE=1 dotnet test tests/loop/Hil.Specification.Tests --filter PublishedFaultsDoAsRecorded writes {Record} anew.";
    private const int DigestCharacters = 24;

    private static readonly Lazy<GeneratedProgram[]> Programs = new(() => [.. Make()]);
    private static readonly Lazy<string[]> WithoutFault = new(() => [.. Programs.Value.Select(p => Digest(p, EmulatorMutation.None))]);
    private static readonly Lock File = new();

    public static TheoryData<EmulatorMutation> All => [.. Enum.GetValues<EmulatorMutation>().Where(m => m != EmulatorMutation.None)];

    [Theory]
    [MemberData(nameof(All))]
    public void To_the_bit_and_to_the_cycle(EmulatorMutation fault)
    {
        string[] digests = [.. Programs.Value.Select(p => Digest(p, fault))];
        int changed = digests.Zip(WithoutFault.Value).Count(d => d.First != d.Second);
        string line = string.Create(CultureInfo.InvariantCulture, $"{fault}\t{changed}\t{Short(Encoding.ASCII.GetBytes(string.Concat(digests)))}");
        Assert.True(changed > 0, $"{fault} changes none of {digests.Length} programs.");
        Assert.True(line == Recorded(fault, line), $"{line}\nis not what {Recorded(fault, line)}\nsays. {HowToWrite}");
    }

    [Fact]
    public void No_two_do_the_same() => Assert.Distinct(System.IO.File.ReadLines(PathOf()).Select(l => l.Split('\t')[2]));

    private static IEnumerable<GeneratedProgram> Make()
    {
        for (int seed = 0; seed < 120; seed++)
        {
            Machine machine = MachineGenerator.Make(seed);
            yield return ProgramGenerator.Make(machine, seed);
            yield return ProgramGenerator.Make(machine, seed, GeneratorOptions.ProductPath);
        }

        for (uint n = 0; n < 20; n++) yield return TiedRows.Make(n * 7919);

        // Transfers that are not whole beats, and deadlocks.
        for (int seed = 0; seed < 20; seed++)
        {
            Machine machine = MachineGenerator.Make(seed);
            yield return ProgramGenerator.Make(machine with { Regions = [.. machine.Regions.Select(r => r with { BeatBytes = 16 })] }, seed);
            yield return TokenDamage.Make(machine with { Issue = machine.Issue with { DeadlockCycles = 64 + seed } }, seed);
        }
    }

    private static string Digest(GeneratedProgram program, EmulatorMutation fault)
    {
        EmulatorEngine engine = EmulatorRunner.Engine(program, new EmulatorOptions { Mutation = fault });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((_, byte[] bytes) in EmulatorRunner.Run(engine, program).Named()) hash.AppendData(bytes);
        List<long> time = [(long)engine.Timing.Trap.Reason, engine.Timing.Trap.InstructionIndex, .. engine.Timing.Counters.Named().Select(c => c.Value)];
        foreach (Retirement r in engine.Timing.Trace) time.AddRange([r.Index, (long)r.Unit, r.Start, r.Retire]);
        foreach (LayerCycles layer in engine.Timing.Layers) time.AddRange([layer.Cycles, layer.Macs, .. layer.Busy]);
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(time)));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..DigestCharacters];
    }

    private static string Short(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..DigestCharacters];

    private static string? Recorded(EmulatorMutation fault, string now)
    {
        lock (File)
        {
            string[] lines = System.IO.File.Exists(PathOf()) ? System.IO.File.ReadAllLines(PathOf()) : [];
            if (Environment.GetEnvironmentVariable("HIL_REGENERATE") != "1") return lines.SingleOrDefault(l => IsOf(l, fault));
            IEnumerable<string> others = lines.Where(l => !IsOf(l, fault) && Enum.TryParse<EmulatorMutation>(l.Split('\t')[0], out _));
            System.IO.File.WriteAllLines(PathOf(), others.Append(now).OrderBy(l => (int)Enum.Parse<EmulatorMutation>(l.Split('\t')[0])));
            return now;
        }
    }

    private static bool IsOf(string line, EmulatorMutation fault) => line.StartsWith($"{fault}\t", StringComparison.Ordinal);

    private static string PathOf() => Path.Combine(Repository.Root, Record);
}
