using System.IO.Hashing;
using Hil.Contract.Isa;
using Hil.Contract.Programs;
using Hil.Contract.Records;
using Hil.Emulator.Functional;

namespace Hil.Devices.Lockstep;

/// <summary>One program and sample on the RTL, stopped in each cycle in which an instruction retires.</summary>
internal sealed class RtlTrace(RtlSimulation rtl, ProgramImage program, IReadOnlyList<ReadOnlyMemory<byte>> inputs, InitialMemories initial)
{
    private readonly RtlMemoryView _view = new(rtl);
    private readonly Queue<Retirement> _retired = new();
    private int _seen;

    /// <summary>Places image and inputs in poisoned memories, and starts.</summary>
    public void Start()
    {
        _view.Poison(initial);
        rtl.ClearMain();
        rtl.WriteMain(program.ImageBase, program.Image.Span);
        for (int n = 0; n < program.Inputs.Count; n++) RtlTensors.Write(rtl, program.Inputs[n], inputs[n].Span);
        (_seen, IsDone) = (0, false);
        _retired.Clear();
        rtl.Start(program.Entry, program.InstructionCount);
    }

    public bool IsDone { get; private set; }

    /// <summary>The next instruction to retire; null if none does up to and including the given cycle, or the segment is done.</summary>
    /// <exception cref="InvalidOperationException">The core broke the rules of the memory port.</exception>
    public TraceLine? Next(long lastCycle)
    {
        while (_retired.Count == 0 && !IsDone && rtl.Now <= lastCycle)
        {
            IsDone = rtl.RunToRetirement(lastCycle + 1 - rtl.Now);
            foreach (Retirement retirement in rtl.RetiredSince(_seen)) _retired.Enqueue(retirement);
            _seen += _retired.Count;
        }

        if (!_retired.TryDequeue(out Retirement next)) return null;
        // A core at fault may retire anything.
        if (next.Index >= program.InstructionCount || FormRules.Check(program[next.Index], rtl.Machine) != TrapReason.None)
            return new TraceLine(next, Opcode.End, 0, 0);
        byte[] bytes = Written(next.Index);
        return new TraceLine(next, program[next.Index].Opcode, bytes.Length, Crc32.HashToUInt32(bytes));
    }

    /// <summary>What an instruction that has just retired wrote.</summary>
    public byte[] Written(int instruction) => WrittenBytes.Of(program[instruction], rtl.Machine, _view);
}
