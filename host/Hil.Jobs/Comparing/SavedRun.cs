using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hil.Contract;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Steps;
using Hil.Models.Quality;

namespace Hil.Jobs.Comparing;

/// <summary>A run that ended earlier: its result, and what each of its samples came to where that is at hand.</summary>
/// <param name="Name">As the person named it.</param>
/// <param name="Result">Of schema <c>hil.run/1</c> or <c>hil.gemm/1</c>.</param>
public sealed record SavedRun(string Name, JsonObject Result, SampleOutcomes? Outcomes)
{
    /// <summary>After the name of a result file: where its outcomes are looked for, beside it.</summary>
    public const string OutcomesEnding = ".outcomes.npz";

    private static readonly string[] Schemas = [RunPipeline.Schema, GemmPipeline.Schema];

    /// <summary>Hash of an input of the job, or null.</summary>
    public string? Hash(string role) => (string?)Result["inputs"]?[role]?["sha256"];

    /// <param name="fileOrJob">A result as `hil run --json` printed it, or the first digits of a job of the store.</param>
    /// <exception cref="HilException">It is neither, or damaged.</exception>
    public static SavedRun Load(string fileOrJob, ObjectStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        bool isFile = File.Exists(fileOrJob);
        string? path = isFile ? fileOrJob
            : store.FindJob(fileOrJob)?[ArtefactNames.Result] is { } artefact ? store.PathOf(artefact.Sha256)
            : null;
        if (path is null || !File.Exists(path))
        {
            throw new HilException(ExitKind.BadInput, "there is no such file, and no such job in the store.", fileOrJob,
                $"Give what `hil run --json` printed, or the job that `hil run` named (store: {store.Folder}).");
        }

        JsonObject result = Parse(File.ReadAllBytes(path), fileOrJob);
        return new SavedRun(fileOrJob, result, OutcomesOf(result, isFile ? path : null, store));
    }

    private static JsonObject Parse(byte[] json, string where)
    {
        try
        {
            var result = JsonNode.Parse(json) as JsonObject;
            return result is not null && Schemas.Contains((string?)result["schema"]) && result["cycles"]?["measured"] is not null
                && result["layers"] is JsonArray
                ? result
                : throw new JsonException($"schema '{result?["schema"]}' is not {string.Join(" or ", Schemas)}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new HilException(ExitKind.BadInput, $"not the result of a run: {e.Message}", where,
                "Give what `hil run --json` printed.", e);
        }
    }

    private static SampleOutcomes? OutcomesOf(JsonObject result, string? file, ObjectStore store)
    {
        if ((string?)result["quality"]?["outcomesSha256"] is not { Length: 64 } hash || !hash.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        string? beside = file is null ? null : Path.ChangeExtension(file, null) + OutcomesEnding;
        if (beside is not null && File.Exists(beside))
        {
            byte[] bytes = File.ReadAllBytes(beside);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == hash
                ? OutcomeFile.Parse(bytes, beside)
                : throw new HilException(ExitKind.IdentityMismatch, "these outcomes are of another run.", beside,
                    "Write result and outcomes by one command: hil run --json --outcomes file.");
        }

        return store.Contains(hash) ? OutcomeFile.Parse(File.ReadAllBytes(store.PathOf(hash)), hash) : null;
    }
}
