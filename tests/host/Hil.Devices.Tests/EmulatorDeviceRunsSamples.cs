using System.Collections.Concurrent;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;

namespace Hil.Devices.Tests;

public sealed class EmulatorDeviceRunsSamples
{
    private static readonly DeviceSample[] Samples =
        [.. Enumerable.Range(0, 40).Select(n => new DeviceSample([TensorCodec.Encode(CopyProgram.Input, [n, -n, 1, 2, 3, 4, 5, 0.24f])]))];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Each_with_its_own_output_on_any_number_of_threads(int threads)
    {
        await using IDevice device = DeviceCatalog.Default().Open("emulator", CopyProgram.Machine);
        DeviceRun run = await device.RunAsync(CopyProgram.Make(), Samples, new DeviceRunOptions(threads), CancellationToken.None);
        Assert.Null(run.Failure);
        for (int n = 0; n < Samples.Length; n++)
            Assert.Equal([n, -n, 1, 2, 3, 4, 5, 0], TensorCodec.Decode(CopyProgram.Output, run.Outputs[n][0]));
        Assert.Equal(Provenance.Emulated, run.Measurement!.Provenance);
        Assert.Equal(run.Measurement.Counters.Cycles, run.Measurement.Layers.Sum(l => l.Cycles));
    }

    [Fact]
    public async Task And_shows_observables_at_the_end_of_their_layer()
    {
        await using IDevice device = DeviceCatalog.Default().Open("emulator", CopyProgram.Machine);
        var seen = new ConcurrentDictionary<int, byte[]>();
        var options = new DeviceRunOptions(Observe: (n, _, bytes) => seen[n] = bytes.ToArray(), ObserveSamples: 3);
        DeviceRun run = await device.RunAsync(CopyProgram.Make(), Samples, options, CancellationToken.None);
        Assert.Equal([0, 1, 2], seen.Keys.Order());
        Assert.Equal(run.Outputs[2][0], seen[2]);
    }

    [Fact]
    public async Task But_not_a_program_for_another_machine()
    {
        await using IDevice device = DeviceCatalog.Default().Open("emulator", MachineFile.Bundled("arty-a7-100t"));
        HilException refusal = await Assert.ThrowsAsync<HilException>(
            () => device.RunAsync(CopyProgram.Make(), Samples, DeviceRunOptions.Default, CancellationToken.None));
        Assert.Equal(ExitKind.IdentityMismatch, refusal.Kind);
    }

    [Fact]
    public async Task And_reports_a_trap_as_a_result()
    {
        ProgramImage good = CopyProgram.Make();
        byte[] image = good.Image.ToArray();
        image[16] = 63;
        await using IDevice device = DeviceCatalog.Default().Open("emulator", CopyProgram.Machine);
        DeviceRun run = await device.RunAsync(
            good with { Image = image }, Samples, DeviceRunOptions.Default, CancellationToken.None);
        Assert.Equal(new TrapRecord(TrapReason.IllegalOpcode, 1), run.Measurement!.Trap);
        Assert.NotNull(run.Failure);
    }

    [Fact]
    public async Task And_stops_when_it_is_cancelled()
    {
        await using IDevice device = DeviceCatalog.Default().Open("emulator", CopyProgram.Machine);
        using var stop = new CancellationTokenSource();
        var options = new DeviceRunOptions(1, Observe: (_, _, _) => stop.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => device.RunAsync(CopyProgram.Make(), Samples, options, stop.Token));
    }

    [Fact]
    public async Task And_refuses_a_sample_of_another_size()
    {
        await using IDevice device = DeviceCatalog.Default().Open("emulator", CopyProgram.Machine);
        HilException refusal = await Assert.ThrowsAsync<HilException>(() => device.RunAsync(
            CopyProgram.Make(), [new DeviceSample([new byte[3]])], DeviceRunOptions.Default, CancellationToken.None));
        Assert.Equal(ExitKind.BadInput, refusal.Kind);
    }
}
