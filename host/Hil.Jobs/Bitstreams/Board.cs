using System.Security.Cryptography;
using System.Text;
using Hil.Contract;
using Hil.Contract.Emit;
using Hil.Contract.Json;
using Hil.Contract.Machines;
using Hil.Devices;

namespace Hil.Jobs.Bitstreams;

/// <summary>The families of chips that Yosys maps to, and what of the rest of the way there is.</summary>
public enum ChipFamily
{
    /// <summary>Lattice iCE40 UltraPlus: placed and routed by nextpnr-ice40, packed by icepack.</summary>
    Ice40,

    /// <summary>Lattice ECP5: synthesised and counted.</summary>
    Ecp5,

    /// <summary>AMD Artix-7: synthesised and counted.</summary>
    Xc7,
}

/// <summary>A part of the design whose cells are told apart.</summary>
/// <param name="Instance">Its path from the top level, dots between; of two that hold a cell the inner one counts it.</param>
/// <param name="Module">Its module.</param>
/// <param name="Is">What it is, for people.</param>
/// <param name="StandIn">Whether it has only the size of what it stands for.</param>
public sealed record BoardBlock(string Instance, string Module, string Is, bool StandIn);

/// <summary>A board as <c>hil build</c> needs it, read strictly from its <c>board.json</c> (<c>hil.board/1</c>).</summary>
/// <param name="Name">Name, as its folder's.</param>
/// <param name="Machine">The machine that its core is built for.</param>
/// <param name="Family">The chip's family.</param>
/// <param name="Part">The chip, as the family's tools name it.</param>
/// <param name="Package">Its package.</param>
/// <param name="ClockMegahertz">The clock that it is to run at.</param>
/// <param name="MarginPercent">How much faster it must be by the timing analysis.</param>
/// <param name="Top">The top module.</param>
/// <param name="Constraints">The file of pins; null where nothing is placed here.</param>
/// <param name="Sources">SystemVerilog files in order, machine package not among them.</param>
/// <param name="IncludeFolder">Where included files lie.</param>
/// <param name="Blocks">What is told apart.</param>
public sealed record Board(
    string Name, Machine Machine, ChipFamily Family, string Part, string Package, double ClockMegahertz, double MarginPercent, string Top,
    string? Constraints, IReadOnlyList<string> Sources, string IncludeFolder, IReadOnlyList<BoardBlock> Blocks)
{
    /// <summary>A board's own design; other files beside it are other designs for it.</summary>
    public const string FileName = "board.json";

    private const string Schema = "hil.board/1";
    private const int MostBlocks = 64;
    private const int LongestName = 64;

    /// <summary>The least frequency of the timing analysis, MHz.</summary>
    public double FloorMegahertz => ClockMegahertz * (1 + MarginPercent / 100);

    /// <summary>How Yosys maps to the chip's cells, the script first; empty where its own command does.</summary>
    public IReadOnlyList<string> MapFiles => Family == ChipFamily.Ice40
        ? [.. MapNames.Select(f => Path.Combine(Folder(), "common", "ice40", f))]
        : [];

    private static readonly string[] MapNames = ["ice40_map.ys", "ice40_compare.v", "ice40_sums.v"];

    /// <summary>A design with stand-ins is a trial: it has the size and the paths of the whole, not its function.</summary>
    public bool IsTrial => Blocks.Any(b => b.StandIn);

    /// <summary>The boards of this repository.</summary>
    /// <exception cref="HilException">This program is not run from a clone.</exception>
    public static IReadOnlyList<string> Names() =>
        [.. Directory.GetFiles(Folder(), FileName, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(f => Path.GetFileName(Path.GetDirectoryName(f)!)).Order(StringComparer.Ordinal)];

    /// <summary>A board of this repository by its name, or any by its file.</summary>
    /// <exception cref="HilException">There is no such board, or its file is wrong.</exception>
    public static Board Load(string nameOrFile)
    {
        ArgumentNullException.ThrowIfNull(nameOrFile);
        string file = nameOrFile.EndsWith(".json", StringComparison.Ordinal) ? nameOrFile : Path.Combine(Folder(), nameOrFile, FileName);
        if (!File.Exists(file))
        {
            throw new HilException(
                ExitKind.Usage, $"There is no such board; there are {string.Join(", ", Names())}.", nameOrFile, "Name one of them, or a board file.");
        }

        return StrictObject.Read(File.ReadAllBytes(file), file, o => Read(o, file));
    }

    /// <summary>SHA-256 of all that goes into the netlist: sources with their names, machine, constraints, top.</summary>
    public string SourcesHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add("machine", Encoding.UTF8.GetBytes(SystemVerilogMachine.Emit(Machine)));
        Add("chip", Encoding.UTF8.GetBytes($"{Family} {Part} {Package} {ClockMegahertz:R} {Top}"));
        IEnumerable<string> included = Directory.Exists(IncludeFolder) ? Directory.GetFiles(IncludeFolder, "*.svh").Order(StringComparer.Ordinal) : [];
        foreach (string file in Sources.Concat(included).Concat(MapFiles).Concat(Constraints is null ? [] : [Constraints]))
        {
            Add(Path.GetFileName(file), File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string name, ReadOnlySpan<byte> contents)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {contents.Length}\n"));
            hash.AppendData(contents);
        }
    }

    private static string Folder() => RtlBuild.Root() is { } root
        ? Path.Combine(root, "fpga", "boards")
        : throw new HilException(
            ExitKind.Device, "Bitstreams are built from the sources of the RTL, which an installed program does not have.", "hil build",
            "Use a clone of the repository.");

    private static Board Read(StrictObject o, string file)
    {
        o.Schema(Schema);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        StrictObject chip = o.Object("chip");
        var family = chip.Name<ChipFamily>("family");
        string part = Word(chip, "part"), package = Word(chip, "package");
        chip.Done();
        string[] own = [.. o.Strings("sources", 256).Select(s => Existing(folder, s, file))];
        bool core = o.Flag("core");
        string? constraints = family == ChipFamily.Ice40 ? Existing(folder, o.Text("constraints"), file) : null;
        var blocks = o.Objects("blocks", 0, MostBlocks).Select(b =>
        {
            var block = new BoardBlock(Word(b, "instance"), Word(b, "module"), b.Text("is"), b.Flag("standIn"));
            b.Done();
            return block;
        }).ToArray();
        string rtl = Path.Combine(Path.GetDirectoryName(Folder())!, "rtl");
        var board = new Board(
            Word(o, "board"), MachineFile.Load(o.Text("machine")), family, part, package, o.Real("clockMegahertz", 0.1, 1000),
            o.Real("marginPercent", 0, 100), Word(o, "top"), constraints, [.. core ? CoreSources(rtl, own) : [], .. own],
            Path.Combine(rtl, "core"), blocks);
        o.Done();
        return board;
    }

    /// <summary>The core's sources, without those that the board has a version of its own of.</summary>
    private static IEnumerable<string> CoreSources(string rtl, string[] own)
    {
        HashSet<string> replaced = [.. own.Select(f => Path.GetFileName(f))];
        return File.ReadLines(Path.Combine(rtl, "files.f")).Select(l => l.Trim())
            .Where(l => l.Length > 0 && !l.StartsWith('#') && !replaced.Contains(Path.GetFileName(l)))
            .Select(l => Path.Combine(rtl, l));
    }

    private static string Existing(string folder, string relative, string file)
    {
        string path = Path.GetFullPath(Path.Combine(folder, relative));
        return File.Exists(path)
            ? path
            : throw new HilException(ExitKind.BadInput, $"The file {relative} is not there.", file, "Correct the board file.");
    }

    /// <summary>A name that goes into the tools' commands.</summary>
    private static string Word(StrictObject o, string key)
    {
        string word = o.Text(key, LongestName);
        return word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? word
            : throw o.Refuse(key, $"is \"{word}\"; it must be letters, digits, -, _ and dots.");
    }
}
