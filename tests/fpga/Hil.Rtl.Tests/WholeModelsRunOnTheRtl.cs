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
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>
/// The bundled model, compiled, one sample on both devices: output bytes, cycles, every counter, every layer and every retired instruction.
/// With HIL_TEST_FULL=1 on the larger machines too, whose cores take minutes to build.
/// </summary>
public sealed class WholeModelsRunOnTheRtl
{
    private static readonly string Folder = Path.Combine(Repository.Root, "host", "Hil.Jobs", "models", "spoken-digits");

    public static TheoryData<string> Machines() =>
        Share.Machines(["icebreaker"], "ulx3s-85f", "arty-a7-100t");

    [SkippableTheory]
    [MemberData(nameof(Machines))]
    public async Task As_on_the_emulator(string name)
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        Machine machine = MachineFile.Bundled(name) with { Counters = CounterSet.Full };
        ProgramImage program = ModelCompiler.Compile(Quantize(), machine).Program with { ContractHash = Identity.ContractHash };
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
    }

    private static QuantizedGraph Quantize()
    {
        OnnxModel model = OnnxModel.Load(Path.Combine(Folder, "digits.onnx"));
        var graph = OnnxImporter.Import(model);
        var ranges = RangeCalibrator.Measure(
            model, graph, Dataset.Load(Path.Combine(Folder, "calib.npz"), graph), null, CancellationToken.None);
        return Quantizer.Quantize(model, graph, ranges).Graph;
    }

    // Any int8, and of a wide input a lower plane within half a step of the upper one (docs/numerics.md section 10).
    private static byte[] Input(Dice dice, TensorPlace place)
    {
        byte[] plane = dice.Bytes(place.Rows * place.Columns);
        return place.Type == ElementType.Wide15
            ? [.. plane, .. dice.Bytes(plane.Length).Select(b => unchecked((byte)(((b + 64) & 127) - 64)))]
            : plane;
    }
}
