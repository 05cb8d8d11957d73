namespace Hil.Models.Graphs;

/// <summary>How a program's metadata say what the host makes a mask of: key <c>mask:NAME</c>, value <c>meaning keys causal tensor</c>.</summary>
public static class MaskMetadata
{
    private const string Prefix = "mask:";

    /// <summary>The key of a mask.</summary>
    public static string Key(string name) => Prefix + name;

    /// <summary>The value of a mask.</summary>
    public static string Write(MaskInput mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return $"{mask.Meaning} {mask.Keys} {mask.Causal} {mask.Tensor}";
    }

    /// <summary>A mask by its name, or null if the metadata have none of that name.</summary>
    public static MaskInput? Read(IReadOnlyDictionary<string, string> metadata, string name)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.TryGetValue(Key(name), out var text) && text.Split(' ', 4) is [var meaning, var keys, var causal, var tensor]
            && Enum.TryParse(meaning, out MaskMeaning parsed) && int.TryParse(keys, out var count) && count > 0 && bool.TryParse(causal, out var isCausal)
            ? new MaskInput(tensor, parsed, count, isCausal)
            : null;
    }
}
