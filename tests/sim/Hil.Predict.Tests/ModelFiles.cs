namespace Hil.Predict.Tests;

/// <summary>Where models for tests lie: those of the repository, and others in the data folder (HIL_DATA, or shared/data beside the repository).</summary>
internal static class ModelFiles
{
    /// <summary>The path of a model; skips the test if it is not on this machine.</summary>
    public static string Find(string folder, string file)
    {
        string data = Environment.GetEnvironmentVariable("HIL_DATA") is { Length: > 0 } given
            ? given
            : Path.Combine(Repository.Root, "..", "shared", "data");
        string? found = new[] { Path.Combine(Repository.Root, "host", "Hil.Jobs", "models", folder, file), Path.Combine(data, folder, file), Path.Combine(data, "..", folder, file) }
            .FirstOrDefault(File.Exists);
        Skip.If(found is null, $"{folder}/{file} is not in the data folder (HIL_DATA).");
        return found!;
    }
}
