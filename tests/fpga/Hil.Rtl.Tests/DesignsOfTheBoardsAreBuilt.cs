using Hil.Jobs;
using Hil.Jobs.Bitstreams;

namespace Hil.Rtl.Tests;

/// <summary>
/// What surrounds the core on the boards: sources without a complaint, and the bring-up design all the way to a bitstream that may be loaded. The
/// designs with the core take too long for here; docs/icebreaker.md has what came of them.
/// </summary>
public sealed class DesignsOfTheBoardsAreBuilt : IDisposable
{
    private const string Folder = "fpga/boards/icebreaker";

    private readonly string _folder = Directory.CreateTempSubdirectory("hil-build-").FullName;

    public static TheoryData<string> Designs() => ["bringup.json", "core.json", "board.json"];

    [SkippableTheory]
    [InlineData("hil_backend_ram")]
    [InlineData("hil_backend_flash")]
    public void Verilator_has_no_warning_of_a_back_end(string top)
    {
        string[] files = [.. File.ReadAllLines(Path.Combine(Repository.Root, "fpga/rtl/backends/files.f")), "memory/hil_ram_1rw.sv"];
        (int exit, string said) = Tool.Run(
            "verilator", ["--lint-only", "-Wall", "--assert", "-DHIL_ASSERT", "--top-module", top, .. files], Path.Combine(Repository.Root, "fpga/rtl"));
        Assert.True(exit == 0 && !said.Contains("%Warning", StringComparison.Ordinal), said);
    }

    [SkippableTheory]
    [MemberData(nameof(Designs))]
    public void Yosys_finds_no_undriven_or_doubly_driven_net(string design)
    {
        Board board = Load(design);
        string package = Path.Combine(Repository.Root, "fpga/rtl/generated/hil_machine_icebreaker_pkg.sv");
        string script = $"read_verilog -defer -sv -I{board.IncludeFolder} {package} {string.Join(' ', board.Sources)}; "
            + $"read_verilog -lib -D_ABC +/ice40/cells_sim.v; hierarchy -check -top {board.Top}; proc; check -assert";
        (int exit, string said) = Tool.Run("yosys", ["-q", "-p", script], _folder);
        Assert.True(exit == 0, said);
    }

    [SkippableTheory]
    [InlineData("ulx3s-85f", "+/ecp5/cells_sim.v +/ecp5/cells_bb.v")]
    [InlineData("arty-a7-100t", "+/xilinx/cells_sim.v +/xilinx/cells_xtra.v")]
    public void Yosys_finds_no_undriven_net_in_the_larger_boards(string name, string cells)
    {
        Board board = Board.Load(name);
        string package = Path.Combine(Repository.Root, $"fpga/rtl/generated/hil_machine_{name.Replace('-', '_')}_pkg.sv");
        string script = $"read_verilog -defer -sv -I{board.IncludeFolder} {package} {string.Join(' ', board.Sources)}; "
            + $"read_verilog -lib -specify {cells}; hierarchy -check -top {board.Top}; proc; check -assert";
        (int exit, string said) = Tool.Run("yosys", ["-q", "-p", script], _folder);
        Assert.True(exit == 0, said);
        Assert.True(board.IsTrial);
    }

    [SkippableFact]
    public async Task The_bring_up_design_makes_its_clock_and_may_be_loaded()
    {
        foreach (string tool in (string[])["yosys", "nextpnr-ice40", "icepack"]) Skip.If(ChildProcess.Find(tool) is null, $"{tool} is not installed.");
        (BuildResult result, byte[]? bitstream) =
            await new BitstreamBuild(Load("bringup.json"), Path.Combine(_folder, "out"), _ => { }).RunAsync([1, 2], CancellationToken.None);
        Assert.Equal(BuildVerdict.MakesItsClock, result.Verdict);
        Assert.Null(result.Objection);
        Assert.All(result.Seeds, s => Assert.True(s.Megahertz >= result.FloorMegahertz, $"seed {s.Seed}: {s.Megahertz} MHz"));
        // The flash's back end is all there: at least the registers of address, count and data.
        Assert.True(result.Blocks.Single(b => b.Name == "u_flash").Taken[0] > 100);
        Assert.Equal(bitstream, new BitstreamBundle(result, bitstream!).ForLoading("bringup.hilbit", forced: false));
    }

    [Fact]
    public void Those_with_stand_ins_are_trials()
    {
        Assert.False(Load("bringup.json").IsTrial);
        Assert.True(Load("core.json").IsTrial);
        Assert.Equal(["u_host"], Load("core.json").Blocks.Where(b => b.StandIn).Select(b => b.Instance));
        Assert.Equal(
            ["u_controller", "u_link", "u_peripherals", "u_flash_serial"], Load("board.json").Blocks.Where(b => b.StandIn).Select(b => b.Instance));
    }

    /// <summary>Vivado's commands are stubs that print what they are given.</summary>
    [SkippableFact]
    public void Vivado_gets_the_sources_of_the_board_file()
    {
        Board board = Board.Load("arty-a7-100t");
        string script = Path.Combine(Repository.Root, "fpga/boards/arty-a7-100t/build.tcl"), stubs = Path.Combine(_folder, "stubs.tcl");
        File.WriteAllText(stubs, $$"""
            proc unknown {command args} { puts "$command $args" }
            proc read_verilog {kind files} { foreach file $files { puts "source $file" } }
            set argv [list "{{_folder}}"]
            source "{{script}}"
            """);
        (int exit, string said) = Tool.Run("tclsh", [stubs], _folder);
        Assert.True(exit == 0, said);
        string[] lines = [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        string package = Path.Combine(Repository.Root, "fpga/rtl/generated/hil_machine_arty_a7_100t_pkg.sv");
        Assert.Equal([package, .. board.Sources], lines.Where(l => l.StartsWith("source ", StringComparison.Ordinal)).Select(l => l["source ".Length..]));
        Assert.Contains(lines, l => l.StartsWith($"synth_design -top {board.Top} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_module_is_short_and_says_what_it_is()
    {
        string[] folders = [$"{Folder}/top", $"{Folder}/fit", $"{Folder}/fit/standins", "fpga/boards/common", "fpga/boards/ulx3s-85f", "fpga/boards/arty-a7-100t", "fpga/rtl/backends", "fpga/models"];
        Assert.All(folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository.Root, f), "*.sv")), file =>
        {
            string[] lines = File.ReadAllLines(file);
            Assert.StartsWith("// ", lines[0], StringComparison.Ordinal);
            Assert.InRange(lines.Length, 1, 270);
        });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Board Load(string design) => Board.Load(Path.Combine(Repository.Root, Folder, design));
}
