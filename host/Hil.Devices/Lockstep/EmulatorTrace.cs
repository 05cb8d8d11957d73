using System.IO.Hashing;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator;
using Hil.Emulator.Functional;
using Hil.Emulator.Timing;

namespace Hil.Devices.Lockstep;

/// <summary>One program and sample on the emulator, instruction by instruction.</summary>
internal sealed class EmulatorTrace
{
    private readonly EmulatorEngine _engine;
    private readonly ProgramImage _program;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _inputs;

    public EmulatorTrace(Machine machine, ProgramImage program, IReadOnlyList<ReadOnlyMemory<byte>> inputs, uint poisonSeed)
    {
        (_program, _inputs) = (program, inputs);
        _engine = new EmulatorEngine(machine, program, EmulatorOptions.Default with { Fuse = false, PoisonSeed = poisonSeed });
    }

    public TimingResult Timing => _engine.Timing;

    /// <summary>The trace in the order in which a device writes it: by retirement, then by unit.</summary>
    public IReadOnlyList<TraceLine> Lines()
    {
        var written = new (int Bytes, uint Checksum)[_program.InstructionCount];
        Run((state, index) =>
        {
            byte[] bytes = Written(state, index);
            written[index] = (bytes.Length, Crc32.HashToUInt32(bytes));
        });
        return
        [
            .. Timing.Trace.OrderBy(r => (r.Retire, r.Unit))
                .Select(r => new TraceLine(r, _program[r.Index].Opcode, written[r.Index].Bytes, written[r.Index].Checksum)),
        ];
    }

    /// <summary>What one instruction writes, as it is when it has.</summary>
    public byte[] Written(int instruction)
    {
        byte[] bytes = [];
        Run((state, index) =>
        {
            if (index == instruction) bytes = Written(state, index);
        });
        return bytes;
    }

    /// <summary>The memories at the end.</summary>
    public IMemoryView End() => new EmulatorMemoryView(_engine.Run(_inputs, new RunRequest(KeepState: true)).FinalState!);

    private byte[] Written(DeviceState state, int index) =>
        WrittenBytes.Of(_program[index], _engine.Machine, new EmulatorMemoryView(state));

    private void Run(Action<DeviceState, int> afterInstruction) =>
        _engine.Run(_inputs, new RunRequest(AfterInstruction: afterInstruction));
}
