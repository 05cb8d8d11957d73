using Hil.Cli;

return await CommandLine.RunAsync(args, Terminal.OfThisProcess());
