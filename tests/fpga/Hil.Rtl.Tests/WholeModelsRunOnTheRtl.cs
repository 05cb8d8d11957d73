using Hil.Compiler;
using Hil.Compression.Quantization;
using Hil.Compression.Ranges;
using Hil.Contract;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices;
using Hil.Models.Data;
using Hil.Models.Import;
using Hil.Models.Onnx;
using Hil.Models.Quantized;
using Hil.Predict.Tests;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>
/// Whole models, compiled, one sample on both devices: output bytes, cycles, every counter, every layer and every retired instruction.
/// With HIL_TEST_FULL=1 all of them, on the larger machines too, whose cores take minutes to build.
/// </summary>
public sealed class WholeModelsRunOnTheRtl
{
    private static readonly (string Folder, string Model)[] Models =
    [
        ("spoken-digits", "digits.onnx"), ("kwt1", "kwt1_opset17.onnx"), ("fsdd-ctc", "fsdd_ctc_opset17.onnx"),
    ];

    public static TheoryData<string, string, string> ModelsAndMachines()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (string machine in Share.IsFull ? (string[])["icebreaker", "ulx3s-85f", "arty-a7-100t"] : ["icebreaker"])
        {
            foreach ((string folder, string model) in Share.IsFull ? Models : Models[..2]) rows.Add(folder, model, machine);
        }

        return rows;
    }

    [SkippableTheory]
    [MemberData(nameof(ModelsAndMachines))]
    public async Task As_on_the_emulator(string folder, string model, string name)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        string path = ModelFiles.Find(folder, model);
        Machine machine = MachineFile.Bundled(name) with { Counters = CounterSet.Full };
        ProgramImage program = ModelCompiler.Compile(Quantize(path), machine).Program with { ContractHash = Identity.ContractHash };
        await Compare(program, machine);
    }

    public static TheoryData<string, int, int, int> Products()
    {
        var rows = new TheoryData<string, int, int, int> { { "icebreaker", 96, 64, 64 } };
        if (Share.IsFull) rows.Add("arty-a7-100t", 256, 512, 512);
        return rows;
    }

    [SkippableTheory]
    [MemberData(nameof(Products))]
    public async Task A_product_with_resident_operands_keeps_the_array_busy(string name, int m, int k, int n)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        Machine machine = MachineFile.Bundled(name) with { Counters = CounterSet.Full };
        ProgramImage program = GemmCompiler.Compile(m, k, n, machine).Program with { ContractHash = Identity.ContractHash };

        Measurement run = await Compare(program, machine);

        // From the first streamed row to the last requantized byte.
        long begin = run.Trace.Where(r => r.Unit == Contract.Isa.Unit.Compute).Min(r => r.Start);
        long end = run.Trace.Where(r => r.Unit == Contract.Isa.Unit.Vector).Max(r => r.Retire);
        long busy = run.Counters.Busy[(int)Contract.Isa.Unit.Compute];
        Assert.True(busy >= 0.95 * (end - begin), $"busy {busy} of {end - begin}");
    }

    /// <summary>What both devices measure, the RTL's.</summary>
    private static async Task<Measurement> Compare(ProgramImage program, Machine machine)
    {
        var dice = new Dice(1);
        var sample = new DeviceSample([.. program.Inputs.Select(place => (ReadOnlyMemory<byte>)Input(dice, place))]);

        await using var rtl = new RtlDevice(machine);
        await using var emulator = new EmulatorDevice(machine);
        DeviceRun left = await rtl.RunAsync(program, [sample], DeviceRunOptions.Default, CancellationToken.None);
        DeviceRun right = await emulator.RunAsync(program, [sample], DeviceRunOptions.Default, CancellationToken.None);

        Assert.Equal(TrapRecord.None, left.Measurement!.Trap);
        Assert.Equal(right.Outputs[0], left.Outputs[0]);
        Assert.Equal(right.Measurement!.Counters.Named(), left.Measurement.Counters.Named());
        Assert.Equal(right.Measurement.Layers.Select(l => (l.Name, l.Cycles)), left.Measurement.Layers.Select(l => (l.Name, l.Cycles)));
        Assert.Equal(right.Measurement.Trace.OrderBy(r => (r.Retire, r.Unit)), left.Measurement.Trace);
        return left.Measurement;
    }

    internal static QuantizedGraph Quantize(string path)
    {
        OnnxModel model = OnnxModel.Load(path);
        var graph = OnnxImporter.Import(model);
        var ranges = RangeCalibrator.Measure(
            model, graph, Dataset.Load(Path.Combine(Path.GetDirectoryName(path)!, "calib.npz"), graph), null, CancellationToken.None);
        return Quantizer.Quantize(model, graph, ranges).Graph;
    }

    // Any int8, and of a wide input a lower plane within half a step of the upper one (docs/numerics.md section 10).
    internal static byte[] Input(Dice dice, TensorPlace place)
    {
        byte[] plane = dice.Bytes(place.Rows * place.Columns);
        return place.Type == ElementType.Wide15
            ? [.. plane, .. dice.Bytes(plane.Length).Select(b => unchecked((byte)(((b + 64) & 127) - 64)))]
            : plane;
    }
}
