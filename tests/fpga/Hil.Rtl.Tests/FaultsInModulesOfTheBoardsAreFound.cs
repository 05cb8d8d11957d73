using Xunit.Abstractions;

namespace Hil.Rtl.Tests;

/// <summary>Faults planted in what the boards have in place of general modules: the benches that compare the two find them. One by default; all with HIL_TEST_FULL=1.</summary>
public sealed class FaultsInModulesOfTheBoardsAreFound(ITestOutputHelper output) : IDisposable
{
    private const string Memory = "hil_ram_1r1w";
    private const string Row = "hil_array_row";

    private readonly string _folder = Directory.CreateTempSubdirectory("hil-boards-").FullName;

    public static TheoryData<string, string, string, string, string> Faults()
    {
        var faults = new TheoryData<string, string, string, string, string>
        {
            // The last word is kept while nothing is read.
            { Memory, "board=arty-a7-100t", "arty-a7-100t/rtl/hil_ram_1r1w.sv", "if (re_i) rdata_o <= mem[raddr_i];\n    end\n  end else", "rdata_o <= mem[raddr_i];\n    end\n  end else" },
        };
        if (!Share.IsFull) return faults;
        faults.Add(Memory, "board=arty-a7-100t -GDepth=129", "arty-a7-100t/rtl/hil_ram_1r1w.sv", "if (re_i) rdata_o <= mem[raddr_i];\n    end\n  end\nend", "rdata_o <= mem[raddr_i];\n    end\n  end\nend");
        // What the lower product takes from the upper one; the lower weight's sign; the highest bit of a factor; weights that are held; a sign.
        faults.Add(Row, "board=arty-a7-100t", "arty-a7-100t/rtl/hil_array_row.sv", " + {{(PsumW - 1){1'b0}}, product[15]};", ";");
        faults.Add(Row, "board=arty-a7-100t", "arty-a7-100t/rtl/hil_array_row.sv", " - {8'b0, low[7]}", "");
        faults.Add(Row, "board=ulx3s-85f -GFirst=1", "ulx3s-85f/rtl/hil_soft_product.sv", "i < 7", "i < 6");
        faults.Add(Row, "board=icebreaker", "icebreaker/rtl/hil_array_row.sv", ".BHOLD(!take[p])", ".BHOLD(!take[0])");
        faults.Add(Row, "board=icebreaker", "icebreaker/rtl/hil_array_row.sv", "{(PsumW - 16){products[c*16+15]}}", "{(PsumW - 16){1'b0}}");
        return faults;
    }

    [SkippableTheory]
    [MemberData(nameof(Faults))]
    public void By_their_bench(string bench, string arguments, string file, string text, string replacement)
    {
        string boards = PlantedSources.Copy(Path.Combine(_folder, "boards"), file, text, replacement, "fpga/boards");
        (int exit, string said) = Bench.Run(bench, [.. Bench.Words(arguments), $"boards={boards}", "+step=5", "+seed=1"]);
        output.WriteLine(said);
        // What the bench says of the module, not that it could not be built.
        Assert.True(exit != 0, said);
        Assert.Matches(" [1-9][0-9]* wrong", said);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
