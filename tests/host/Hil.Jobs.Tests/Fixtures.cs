using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;

namespace Hil.Jobs.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hil-test-").FullName;

    public string File(string name, string contents)
    {
        string path = System.IO.Path.Combine(Path, name);
        System.IO.File.WriteAllText(path, contents);
        return path;
    }

    /// <summary>The inputs of a run of this model on a bundled machine.</summary>
    public Dictionary<string, InputSource> RunOf(string model) => new()
    {
        [JobSpec.Model] = InputSource.FromFile(File("m.onnx", model)),
        [JobSpec.Machine] = InputSource.FromMachine("icebreaker"),
    };

    public ObjectStore Store() => new(System.IO.Path.Combine(Path, "objects"));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Collects progress at once, on the reporting thread.</summary>
internal sealed class RecordedProgress : IProgress<JobEvent>
{
    public List<JobEvent> Events { get; } = [];

    public void Report(JobEvent value) => Events.Add(value);
}
