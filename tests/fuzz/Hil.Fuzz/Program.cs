using Hil.Fuzz;
using SharpFuzz;

if (args.Length == 2 && args[1] == "--afl")
{
    FuzzTarget target = FuzzTarget.Named(args[0]);
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        target.Try(target.Seal(copy.ToArray()));
    });
    return 0;
}

if (args.Length == 2 && args[0] == "--seeds")
{
    await Seeds.WriteAsync(args[1]).ConfigureAwait(false);
    return 0;
}

if (args.Length == 2)
{
    FuzzTarget target = FuzzTarget.Named(args[0]);
    Console.WriteLine(target.Try(File.ReadAllBytes(args[1]))?.Message ?? "taken");
    return 0;
}

await Console.Error.WriteLineAsync(
    $"usage: hil-fuzz TARGET --afl     under afl-fuzz\n       hil-fuzz TARGET FILE      one file\n       hil-fuzz --seeds CORPUS   writes the seeds\ntargets: {string.Join(' ', FuzzTarget.All.Select(t => t.Name))}")
    .ConfigureAwait(false);
return 2;
