using System.Diagnostics;

namespace Hil.Fuzz.Tests;

/// <summary>Every parser answers every byte string with a value or a refusal, and soon.</summary>
public sealed class ParsersRefuseOrTake
{
    private const int MutantsOfASeed = 400;

    /// <summary>Far above what any of these inputs takes on a busy machine: a hang, not slowness, is what is looked for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void The_corpus_holds_a_seed_that_is_taken_and_one_that_is_refused(string name)
    {
        FuzzTarget target = FuzzTarget.Named(name);
        List<bool> taken = [.. Corpus(name).Select(seed => target.Try(seed) is null)];
        Assert.Contains(true, taken);
        Assert.NotNull(target.Try([]));
        Assert.NotNull(target.Try([.. "not this kind of file"u8]));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_truncated_seed_is_refused_or_taken(string name)
    {
        FuzzTarget target = FuzzTarget.Named(name);
        foreach (byte[] seed in Corpus(name))
        {
            int step = Math.Max(1, seed.Length / 100);
            for (int length = 0; length < seed.Length; length += step)
            {
                Check(target, seed[..length]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_damaged_seed_is_refused_or_taken(string name)
    {
        FuzzTarget target = FuzzTarget.Named(name);
        byte[][] corpus = Corpus(name);
        var random = new Random(20_26);
        int refused = 0;
        foreach (byte[] seed in corpus)
        {
            for (int mutant = 0; mutant < MutantsOfASeed; mutant++)
            {
                byte[] bytes = target.Seal(Mutator.Mutate(seed, corpus[random.Next(corpus.Length)], random));
                refused += Check(target, bytes) ? 1 : 0;
            }
        }

        Assert.True(refused > corpus.Length * MutantsOfASeed / 20, $"only {refused} refusals: the damage does not reach the parser");
    }

    [Fact]
    public void Every_folder_of_the_corpus_is_a_target_so_that_the_long_run_takes_each() =>
        Assert.Equal(
            FuzzTarget.All.Select(t => t.Name).Order(StringComparer.Ordinal),
            Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "corpus")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));

    private static bool Check(FuzzTarget target, byte[] bytes)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            bool refused = target.Try(bytes) is not null;
            Assert.True(clock.Elapsed < Patience, $"{target.Name}: {clock.Elapsed} for {bytes.Length} bytes");
            return refused;
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            string path = Path.Combine(Path.GetTempPath(), $"hil-fuzz-{target.Name}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..12]}");
            File.WriteAllBytes(path, bytes);
            throw new InvalidOperationException($"{target.Name}: {e.GetType().Name} instead of an answer; the input is {path}", e);
        }
    }

    private static readonly Lazy<string> Fresh = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("hil-seeds-").FullName;
        string onnx = Directory.CreateDirectory(Path.Combine(folder, "onnx")).FullName;
        foreach (string seed in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus", "onnx")))
        {
            File.Copy(seed, Path.Combine(onnx, Path.GetFileName(seed)));
        }

        Seeds.WriteAsync(folder).GetAwaiter().GetResult();
        return folder;
    });

    /// <summary>What the product writes today, then what is kept: files of earlier formats, and what was once a finding.</summary>
    private static byte[][] Corpus(string name) =>
        [.. new[] { Fresh.Value, Path.Combine(AppContext.BaseDirectory, "corpus") }
            .SelectMany(root => Directory.GetFiles(Path.Combine(root, name)).Order(StringComparer.Ordinal))
            .Select(File.ReadAllBytes)];
}
