using System.CommandLine;

namespace Hil.Cli.Verbs;

/// <summary>The verbs in the order in which `hil --help` lists them.</summary>
internal static class AllVerbs
{
    public static IEnumerable<Command> Create(Terminal terminal) =>
    [
        DemoVerb.Create(terminal),
        InitVerb.Create(terminal),
        InspectVerb.Create(terminal),
        ModelVerbs.Quantize(terminal),
        ExportVerb.Create(terminal),
        PruneVerb.Create(terminal),
        ModelVerbs.Compile(terminal),
        AssemblyVerbs.Asm(terminal),
        AssemblyVerbs.Disasm(terminal),
        RunVerb.Create(terminal),
        CiVerb.Create(terminal),
        CompareVerb.Create(terminal),
        DiffVerb.Create(terminal),
        ModelVerbs.Predict(terminal),
        ReconcileVerb.Create(terminal),
        GemmVerb.Create(terminal),
        MachinesVerb.Create(terminal),
        BuildVerb.Create(terminal),
        DevicesVerb.Create(terminal),
        ServeVerb.Create(terminal),
        DoctorVerb.Create(terminal),
        TestVerb.Create(terminal),
    ];

    /// <summary>A verb's description with an example at its end.</summary>
    public static string Describe(string what, params string[] examples) =>
        $"{what}\n\nExample:\n{string.Join('\n', examples.Select(e => "  hil " + e))}";
}
