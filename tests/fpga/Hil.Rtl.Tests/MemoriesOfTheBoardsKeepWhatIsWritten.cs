using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>
/// The memory with two ports, the general one and the Artix-7's, which is in LUTs up to 128 words and in block RAM above, in one bench: reads and writes at random.
/// </summary>
public sealed class MemoriesOfTheBoardsKeepWhatIsWritten(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("")]
    [InlineData("board=arty-a7-100t")]
    [InlineData("board=arty-a7-100t -GDepth=96 -GWidth=72")]
    [InlineData("board=arty-a7-100t -GDepth=129 -GWidth=33")]
    [InlineData("board=arty-a7-100t -GDepth=1024 -GWidth=9")]
    public void Every_word_read_is_the_one_written_last(string parameters)
    {
        (int exit, string said) = Bench.Run("hil_ram_1r1w", [.. Bench.Words(parameters), "+seed=1"]);
        output.WriteLine(said);
        Assert.True(exit == 0, said);
        Assert.Contains(" 0 wrong", said, StringComparison.Ordinal);
    }
}
