using Hil.Benchmarks;

if (args is ["--inspect", var large])
{
    Inspecting.Print(large);
    return;
}

// Only whole models: import to sample, the two rows of Predict among it.
bool onlyModels = args is ["--only-models", ..];

// All figures of one run belong together: the ratios carry over to another processor, the absolute figures do not.
(string Name, double MacsPerSecond)? peak = PeakKernel.Measure();
double best = peak?.MacsPerSecond ?? double.NaN;
double floats = FloatProduct.MacsPerSecond(256, 512, 512);
Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}");
Console.WriteLine($"int8 peak, {peak?.Name ?? "not measured here"}: {best / 1e9:F0} GMAC/s a core");
Console.WriteLine($"ONNX Runtime float32 256x512x512, one thread: {floats / 1e9:F0} GMAC/s");
if (!onlyModels)
{
    Products.Print(best, floats);
    RtlComparison.PrintProducts();
}

// Pairs of a model and its calibration samples.
for (int n = onlyModels ? 1 : 0; n + 1 < args.Length; n += 2)
    Models.Print(Path.GetFileNameWithoutExtension(args[n]), args[n], args[n + 1]);
