namespace Hil.Compiler.Tests;

/// <summary>Figures of compiled programs in a file of the repository, a line each: what a change of the compiler gains and loses is its difference.</summary>
/// <param name="path">From the repository's root.</param>
/// <param name="howToWrite">The command that writes the file anew, with HIL_REGENERATE=1.</param>
internal sealed class RecordedFigures(string path, string howToWrite)
{
    private readonly string _path = Path.Combine(Repository.Root, path);
    private readonly Lock _writing = new();

    public void AssertSame(string what, string figures)
    {
        lock (_writing)
        {
            Dictionary<string, string> recorded = (File.Exists(_path) ? File.ReadAllLines(_path) : [])
                .Select(l => (Line: l, At: l.LastIndexOf('\t'))).ToDictionary(l => l.Line[..l.At], l => l.Line[(l.At + 1)..]);
            if (Environment.GetEnvironmentVariable("HIL_REGENERATE") == "1")
            {
                recorded[what] = figures;
                File.WriteAllLines(_path, recorded.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key}\t{r.Value}"));
            }

            Assert.True(
                recorded.GetValueOrDefault(what) == figures, $"{what}: recorded {recorded.GetValueOrDefault(what)}, now {figures}. HIL_REGENERATE=1 {howToWrite} writes the file anew.");
        }
    }
}
