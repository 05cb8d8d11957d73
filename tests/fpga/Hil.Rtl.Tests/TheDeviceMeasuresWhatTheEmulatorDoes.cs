using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Devices;
using Hil.Specification.Programs;

namespace Hil.Rtl.Tests;

/// <summary>The two devices side by side, through the one interface: counters, layers with their busy cycles, trace.</summary>
public sealed class TheDeviceMeasuresWhatTheEmulatorDoes
{
    private const int Programs = 30;

    [SkippableFact]
    public async Task On_random_programs()
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        Machine machine = TestMachines.Square;
        await using var rtl = new RtlDevice(machine);
        await using var emulator = new EmulatorDevice(machine);
        for (int seed = 1; seed <= Programs; seed++)
        {
            GeneratedProgram generated = ProgramGenerator.Make(machine, seed, GeneratorOptions.Default);
            ProgramImage program = generated.Program with
            {
                MachineHash = MachineFile.Hash(machine),
                ContractHash = Identity.ContractHash,
            };
            var sample = new DeviceSample([.. generated.HostWrites.Select(w => (ReadOnlyMemory<byte>)w.Bytes)]);
            Measurement left = (await rtl.RunAsync(program, [sample], DeviceRunOptions.Default, CancellationToken.None)).Measurement!;
            Measurement right = (await emulator.RunAsync(program, [sample], DeviceRunOptions.Default, CancellationToken.None)).Measurement!;
            Assert.Equal(right.Counters.Named(), left.Counters.Named());
            Assert.Equal(right.Trace.OrderBy(r => (r.Retire, r.Unit)), left.Trace);
            Assert.Equal(right.Layers.Select(l => (l.Name, l.Cycles)), left.Layers.Select(l => (l.Name, l.Cycles)));
            Assert.Equal(right.Layers.SelectMany(l => l.Busy), left.Layers.SelectMany(l => l.Busy));
        }
    }

    [SkippableFact]
    public async Task A_trap_is_a_failure_with_its_reason()
    {
        Skip.If(RtlBuild.Missing is not null, $"No RTL simulation: {RtlBuild.Missing}.");
        Machine machine = TestMachines.Square;
        await using var rtl = new RtlDevice(machine);
        var image = new byte[16];
        new Instruction(0x3F).WriteTo(image);
        var program = new ProgramImage(
            "illegal", machine.Name, MachineFile.Hash(machine), Identity.ContractHash, 0, image, 0, 1, [], [], [], [], [],
            new Dictionary<string, string>());
        DeviceRun run = await rtl.RunAsync(program, [new DeviceSample([])], DeviceRunOptions.Default, CancellationToken.None);
        Assert.NotNull(run.Failure);
        Assert.Equal(new TrapRecord(TrapReason.IllegalOpcode, 0), run.Measurement!.Trap);
    }
}
