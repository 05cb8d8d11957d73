using System.Security.Cryptography;
using System.Text.Json;
using Hil.Contract;
using Hil.Contract.Json;

namespace Hil.Jobs.Specs;

public enum JobKind
{
    /// <summary>A model or program, through the whole loop.</summary>
    Run,

    /// <summary>One matrix product, compiled, predicted and run.</summary>
    Gemm,

    /// <summary>A model up to its program.</summary>
    Compile,

    /// <summary>A model up to its quantized graph.</summary>
    Quantize,

    /// <summary>What a model or program will cost.</summary>
    Predict,

    /// <summary>A model with zeros in some blocks.</summary>
    Prune,

    /// <summary>A model, quantized, as a standard ONNX file.</summary>
    Export,

    /// <summary>A model layer by layer against the float model and against its own export.</summary>
    Diff,
}

/// <summary>One input of a job: what its file was called, and what is in it.</summary>
public sealed record InputReference(string Name, string Sha256);

/// <summary>
/// What is to be done, whole: with equal contents two specifications give equal artefacts, whoever runs them. Inputs are
/// named by role: <c>model</c> or <c>program</c>, <c>data</c>, <c>calib</c>, <c>machine</c>; <c>baseline</c>, a model to compare a model with;
/// <c>reference</c>, the model that a program was compiled from.
/// </summary>
public sealed record JobSpec(
    string Schema,
    JobKind Kind,
    IReadOnlyDictionary<string, InputReference> Inputs,
    JobOptions Options)
{
    public const string CurrentSchema = "hil.job/1";

    public const string Model = "model";
    public const string Program = "program";
    public const string Data = "data";
    public const string Calibration = "calib";
    public const string Machine = "machine";
    public const string Baseline = "baseline";
    public const string Reference = "reference";

    public static readonly IReadOnlySet<string> Roles =
        new HashSet<string>([Model, Program, Data, Calibration, Machine, Baseline, Reference]);

    /// <summary>SHA-256 of the canonical text, lower-case hexadecimal.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(ToJson()));

    public byte[] ToJson() => CanonicalJson.Bytes(this);

    /// <exception cref="HilException">The text is not a job this version understands.</exception>
    public static JobSpec FromJson(ReadOnlySpan<byte> json, string where)
    {
        JobSpec? spec;
        try
        {
            spec = JsonSerializer.Deserialize<JobSpec>(json, CanonicalJson.Options);
        }
        catch (JsonException e)
        {
            throw new HilException(ExitKind.BadInput, $"not a job file: {JsonReason.Of(e)}", where,
                "See docs/service.md for the format.", e);
        }

        return (spec ?? throw new HilException(ExitKind.BadInput, "an empty job.", where,
            "See docs/service.md for the format.")).Checked(where);
    }

    /// <summary>This specification, if it can be run.</summary>
    public JobSpec Checked(string where)
    {
        if (Schema != CurrentSchema)
        {
            throw Bad($"schema '{Schema}' is not {CurrentSchema}.", "Write the job for this version.");
        }

        foreach ((string role, InputReference input) in Inputs)
        {
            if (!Roles.Contains(role))
            {
                throw Bad($"unknown input role '{role}'.", $"Use one of: {string.Join(", ", Roles)}.");
            }

            // The reader looks at no elements of dictionaries.
            if (input is null)
            {
                throw Bad($"input '{role}' is null.", "Name each input by the hash of its contents.");
            }

            if (input.Sha256.Length != 64 || !input.Sha256.All(char.IsAsciiHexDigitLower))
            {
                throw Bad($"input '{role}' has no SHA-256 of 64 lower-case hexadecimal digits.",
                    "Name each input by the hash of its contents.");
            }

            if (input.Name != Path.GetFileName(input.Name) || input.Name.Length is 0 or > 200
                || input.Name.Any(char.IsControl))
            {
                throw Bad($"input '{role}' has no plain file name.", "Leave folders out of it.");
            }
        }

        if (!Inputs.ContainsKey(Machine))
        {
            throw Bad("no machine is given.", "Add the input 'machine'.");
        }

        if (Kind is JobKind.Run or JobKind.Predict && Inputs.ContainsKey(Model) == Inputs.ContainsKey(Program))
        {
            throw Bad("either a model or a program is needed.", "Add one of the inputs 'model' and 'program'.");
        }

        if (Kind is JobKind.Compile or JobKind.Quantize or JobKind.Prune or JobKind.Export or JobKind.Diff && !Inputs.ContainsKey(Model))
        {
            throw Bad("a model is needed.", "Add the input 'model'; a compiled program has left it behind.");
        }

        Options.Check(Kind, where);
        return this;

        HilException Bad(string what, string whatToDo) => new(ExitKind.BadInput, what, where, whatToDo);
    }
}
