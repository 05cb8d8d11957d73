using Hil.Contract.Emit;

namespace Hil.Contract.Tests.Emit;

/// <summary>With HIL_REGENERATE=1 in the environment the files are written instead of compared.</summary>
public sealed class GeneratedFilesAreCurrent
{
    public static TheoryData<string> Paths() => [.. GeneratedFiles.All().Select(f => f.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_checked_in_file_is_what_the_contract_emits(string path)
    {
        string text = GeneratedFiles.All().Single(f => f.Path == path).Text;
        string full = Path.Combine(Repository.Root, path);
        if (Environment.GetEnvironmentVariable("HIL_REGENERATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }

        Assert.True(File.Exists(full), $"{path} is missing: run with HIL_REGENERATE=1.");
        Assert.Equal(text, File.ReadAllText(full));
    }
}
