namespace Hil.Cli.Tests;

/// <summary>A temporary folder of a test, gone with it.</summary>
internal sealed class Folder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("hil-cli-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public string Write(string name, string contents)
    {
        File.WriteAllText(this[name], contents);
        return this[name];
    }

    public string Read(string name) => File.ReadAllText(this[name]);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
