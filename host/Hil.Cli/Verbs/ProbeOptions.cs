using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Hil.Contract.Records;
using Hil.Jobs.Specs;
using Hil.Jobs.Steps;

namespace Hil.Cli.Verbs;

/// <summary>What `run` and `gemm` can look at besides outputs.</summary>
internal sealed class ProbeOptions
{
    private const string DefaultWaves = "lockstep.fst";

    private static readonly CycleWindow DefaultWindow = new(0, 19_999);

    private readonly Option<bool> _lockstep = new("--lockstep")
    {
        Description = "Compare the RTL with the emulator at each retired instruction; the first difference is named, its waveform written to --waves "
            + $"or {DefaultWaves}.",
    };

    private readonly Option<string?> _trace = new("--trace")
    {
        Description = "Write a line for each retired instruction: cycles, and a checksum of what it wrote.",
        HelpName = "file",
    };

    private readonly Option<string?> _waves = new("--waves")
    {
        Description = "Write the RTL's waveform (FST).",
        HelpName = "file",
    };

    private readonly Option<CycleWindow?> _window = new("--waves-cycles")
    {
        Description = $"Cycles of the waveform, from the start of the segment; default: {DefaultWindow.From}..{DefaultWindow.To}.",
        HelpName = "A..B",
        CustomParser = Window,
    };

    private readonly Option<string?> _toggles = new("--toggles")
    {
        Description = "Write how often the RTL's nets change, by unit, as JSON.",
        HelpName = "file",
    };

    public IEnumerable<Option> All => [_lockstep, _trace, _waves, _window, _toggles];

    public void Add(Command command)
    {
        foreach (Option option in All) command.Options.Add(option);
        command.Validators.Add(r =>
        {
            if (r.GetResult(_window) is not null && r.GetResult(_waves) is null) r.AddError("--waves-cycles needs --waves: name the file.");
        });
    }

    /// <summary>Null where nothing was asked for.</summary>
    public ProbeSpec? Of(ParseResult parsed)
    {
        CycleWindow? window = parsed.GetValue(_waves) is null ? null : parsed.GetValue(_window) ?? DefaultWindow;
        var probe = new ProbeSpec(parsed.GetValue(_lockstep), parsed.GetValue(_trace) is not null, window, parsed.GetValue(_toggles) is not null);
        return probe == new ProbeSpec() ? null : probe;
    }

    /// <summary>Artefacts and where they are wanted, also those of a run that fails.</summary>
    public IReadOnlyList<(string Artefact, string Path)> Files(ParseResult parsed)
    {
        var files = new List<(string, string)>();
        if (parsed.GetValue(_trace) is { } trace) files.Add((ArtefactNames.Trace, trace));
        if (parsed.GetValue(_waves) is { } waves) files.Add((ArtefactNames.Waves, waves));
        else if (parsed.GetValue(_lockstep)) files.Add((ArtefactNames.Waves, DefaultWaves));
        if (parsed.GetValue(_toggles) is { } toggles) files.Add((ArtefactNames.Toggles, toggles));
        return files;
    }

    private static CycleWindow? Window(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        string[] ends = text.Split("..");
        if (ends.Length == 2 && Cycle(ends[0]) is { } from && Cycle(ends[1]) is { } to && from <= to) return new CycleWindow(from, to);
        argument.AddError($"'{text}' is no range of cycles; write the first and the last as 1000..2000.");
        return null;
    }

    private static long? Cycle(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long cycle) ? cycle : null;
}
