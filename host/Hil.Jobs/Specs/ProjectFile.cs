using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hil.Contract;

namespace Hil.Jobs.Specs;

/// <summary>Reads and writes <c>hil.json</c>. Unknown keys are refused: a misspelled gate is no gate.</summary>
public static class ProjectFile
{
    public const string DefaultName = "hil.json";

    private const string Remedy = "See docs/how-to/project.md for the keys, or write a new one with `hil init`.";

    private static readonly JsonSerializerOptions Written = new(CanonicalJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <exception cref="HilException">Usage: there is none. BadInput: it is not such a file.</exception>
    public static Project Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new HilException(ExitKind.Usage, "there is no project, and no model is named.", path,
                "Name a model, or write a project with `hil init`.");
        }

        return Parse(File.ReadAllBytes(path), path);
    }

    /// <inheritdoc cref="Load"/>
    public static Project Parse(ReadOnlySpan<byte> json, string where)
    {
        // Editors on Windows write a byte-order mark.
        json = json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        Project? project;
        try
        {
            project = JsonSerializer.Deserialize<Project>(json, CanonicalJson.Options);
        }
        catch (JsonException e)
        {
            throw new HilException(ExitKind.BadInput, $"not a project file: {e.Message}", where, Remedy, e);
        }

        if (project is null || project.Schema != Project.CurrentSchema || project.Model.Length == 0)
        {
            throw new HilException(ExitKind.BadInput,
                project is null ? "it is empty." : project.Model.Length == 0 ? "it names no model."
                : $"schema '{project.Schema}' is not {Project.CurrentSchema}.", where, Remedy);
        }

        project.ToOptions().Check(JobKind.Run, where);
        return project;
    }

    /// <summary>Without the keys that are not set.</summary>
    public static byte[] Write(Project project) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(project, Written) + "\n");
}
