using System.Runtime.InteropServices;
using System.Text;
using Hil.Contract;
using Hil.Contract.Isa;
using Hil.Contract.Machines;
using Hil.Contract.Records;
using Hil.Contract.Registers;
using Hil.Devices.Coverage;

namespace Hil.Devices;

/// <summary>One instance of the core under Verilator, with its main memory and a back door to its memories.</summary>
public sealed unsafe class RtlSimulation : IDisposable
{
    private readonly RtlLibrary _library;
    private readonly Dictionary<string, (nint Data, int ElementBytes, int Depth)> _memories = [];
    private nint _handle;

    /// <param name="earlyBeats">Main memory gives its bytes as early as it can within a burst, instead of as late; no cycle count changes.</param>
    /// <param name="stallSeed">Where not 0, main memory stalls at random, by this seed: bursts take longer than the timing contract says.</param>
    /// <exception cref="HilException">The core cannot be built for this machine here.</exception>
    public RtlSimulation(Machine machine, RtlModel model = RtlModel.Plain, bool earlyBeats = false, int stallSeed = 0)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentOutOfRangeException.ThrowIfNegative(stallSeed);
        (Machine, Model) = (machine, model);
        _library = RtlLibrary.Load(RtlBuild.Library(machine, model));
        RtlRegion[] regions =
        [
            .. machine.Regions.Select(r => new RtlRegion(
                (ulong)r.Base, (ulong)r.Bytes, r.Writable ? 1 : 0, r.ReadLatencyCycles, r.WriteLatencyCycles, r.BeatBytes,
                r.CyclesPerBeat, r.MaxBurstBytes, r.PageBytes, r.PageCycles)),
        ];
        fixed (RtlRegion* first = regions) _handle = _library.Create(first, regions.Length, stallSeed != 0 ? 1 + stallSeed : earlyBeats ? 1 : 0);
        for (int i = 0; i < _library.MemoryCount(_handle); i++)
        {
            byte* data;
            int elementBytes, depth;
            string name = Marshal.PtrToStringUTF8((nint)_library.Memory(_handle, i, &data, &elementBytes, &depth))!;
            _memories.Add(name, ((nint)data, elementBytes, depth));
        }

        IReadOnlyList<string> differences = IdentityRegisters.Differences(ReadIdentity(), IdentityRegisters.Of(machine));
        if (differences.Count > 0)
        {
            Dispose();
            throw new HilException(
                ExitKind.IdentityMismatch, $"The simulated core is another one: {string.Join("; ", differences)}.", machine.Name, "Empty the folder of built cores ($HIL_CACHE) and try again.");
        }
    }

    public Machine Machine { get; }

    public RtlModel Model { get; }

    /// <summary>Cycles since <see cref="Start"/>.</summary>
    public long Now => _library.Now(_handle);

    /// <summary>The memories of the core by their place in its hierarchy.</summary>
    public IEnumerable<string> Memories => _memories.Keys;

    public void ClearMain() => _library.MainClear(_handle);

    public void WriteMain(long address, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            if (_library.MainWrite(_handle, (ulong)address, first, bytes.Length) == 0)
                throw new ArgumentOutOfRangeException(nameof(address), address, "Not all bytes lie in a region of main memory.");
        }
    }

    public void ReadMain(long address, Span<byte> bytes)
    {
        fixed (byte* first = bytes) _library.MainRead(_handle, (ulong)address, first, bytes.Length);
    }

    /// <summary>The bytes of one memory, element by element; an element takes <paramref name="elementBytes"/>, little-endian.</summary>
    internal Span<byte> Memory(string name, out int elementBytes)
    {
        (nint data, elementBytes, int depth) = _memories[name];
        return new Span<byte>((void*)data, elementBytes * depth);
    }

    /// <summary>Writes the scratchpad through the core's host port, words from the given one on; not while a segment runs.</summary>
    public void WriteByHostPort(int bank, int word, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            for (int i = 0; i < bytes.Length / Machine.WordBytes; i++)
                _library.HostWrite(_handle, bank, word + i, first + (i * Machine.WordBytes));
        }
    }

    public void ReadByHostPort(int bank, int word, Span<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            for (int i = 0; i < bytes.Length / Machine.WordBytes; i++)
                _library.HostRead(_handle, bank, word + i, first + (i * Machine.WordBytes));
        }
    }

    /// <summary>Plants one fault of <see cref="RtlModel.Mutants"/>, none with 0; it works from the next cycle on.</summary>
    public void Mutate(int fault)
    {
        Fault = fault;
        _library.Mutate(_handle, fault);
    }

    /// <summary>The planted fault that is selected; 0: none.</summary>
    public int Fault { get; private set; }

    /// <summary>A soft reset, also while a segment runs; memories keep what they hold.</summary>
    public void Reset() => _library.Reset(_handle);

    /// <summary>Begins a segment; <see cref="Run"/> then lets cycles pass.</summary>
    public void Start(uint entry, int instructionCount) => _library.Start(_handle, entry, (uint)instructionCount);

    /// <summary>Lets at most so many cycles pass. True when the segment is done.</summary>
    /// <exception cref="InvalidOperationException">The core broke the rules of the memory port: an error in the RTL.</exception>
    public bool Run(long cycles) => IsDone(_library.Run(_handle, cycles));

    /// <summary>Lets cycles pass until one in which an instruction retires has passed, at most so many. True when the segment is done.</summary>
    /// <exception cref="InvalidOperationException">The core broke the rules of the memory port: an error in the RTL.</exception>
    public bool RunToRetirement(long cycles) => IsDone(_library.RunToRetirement(_handle, cycles));

    /// <summary>Writes the given cycles of the next segment to an FST file; a cycle takes 10 ticks, from its rising edge on.</summary>
    /// <exception cref="HilException">This is no <see cref="RtlModel.Waves"/>, or the file cannot be written.</exception>
    public void OpenWaves(string path, CycleWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        fixed (byte* name = Utf8(path))
        {
            if (_library.WavesOpen(_handle, name, window.From, window.To) == 0)
                throw new HilException(ExitKind.BadInput, "The waveform cannot be written.", path, "Name a file that can be written.");
        }
    }

    public void CloseWaves() => _library.WavesClose(_handle);

    /// <summary>Forgets what <see cref="Coverage"/> counted so far.</summary>
    public void ClearCoverage() => _library.CoverageClear(_handle);

    /// <summary>How often each line ran, or each bit changed, since this core was made or its counts were cleared.</summary>
    /// <exception cref="InvalidOperationException">This is neither <see cref="RtlModel.Lines"/> nor <see cref="RtlModel.Toggles"/>.</exception>
    public IReadOnlyList<CoveragePoint> Coverage()
    {
        string file = Path.GetTempFileName();
        try
        {
            fixed (byte* name = Utf8(file))
            {
                if (_library.CoverageWrite(_handle, name) == 0) throw new InvalidOperationException("The core was built without counts of lines or signals.");
            }

            return CoveragePoint.Parse(File.ReadLines(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static bool IsDone(int answer) => answer switch
    {
        0 => false,
        1 => true,
        _ => throw new InvalidOperationException("The core broke the rules of the memory port."),
    };

    private static byte[] Utf8(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    public TrapRecord Trap()
    {
        int reason, index;
        _library.Trap(_handle, &reason, &index);
        return reason == 0 ? TrapRecord.None : new TrapRecord((TrapReason)reason, index);
    }

    /// <summary>What its identity registers say, <see cref="RegisterMap.IdentityBytes"/> bytes from offset 0 on; not while a segment runs.</summary>
    public byte[] ReadIdentity()
    {
        byte[] bytes = new byte[RegisterMap.IdentityBytes];
        fixed (byte* first = bytes) _library.Identity(_handle, first);
        return bytes;
    }

    /// <summary>The counters; those that the machine does not have are zero.</summary>
    public Counters Counters()
    {
        int next = 0;
        long cycles = Next();
        var (busy, issue, idle, portWait, full, retired) = (
            new long[Units.Count], new long[Units.Count], new long[Units.Count], new long[Units.Count], new long[Units.Count], new long[Units.Count]);
        var stall = new long[Units.Count * Units.Count];
        for (int u = 0; u < Units.Count; u++)
        {
            (busy[u], issue[u], idle[u], portWait[u]) = (Next(), Next(), Next(), Next());
            for (int p = 0; p < Units.Count; p++)
            {
                if (p != u) stall[(u * Units.Count) + p] = Next();
            }

            (full[u], retired[u]) = (Next(), Next());
        }

        (long dispatchBusy, long starved, long draining, long stopped) = (Next(), Next(), Next(), Next());
        return new Counters(
            cycles, busy, issue, idle, stall, portWait, dispatchBusy, starved, full, draining, stopped, retired,
            Next(), Next(), Next(), Next(), Next());

        long Next() => _library.Counter(_handle, next++);
    }

    /// <summary>Retired instructions in the order of their cycles, by unit within one, each with its busy cycles.</summary>
    public IReadOnlyList<(Retirement Retirement, long Busy)> Trace()
    {
        ReadOnlySpan<RtlRetirement> all = Retired();
        var result = new (Retirement, long)[all.Length];
        for (int i = 0; i < result.Length; i++) result[i] = (Of(all[i]), all[i].Busy);
        return result;
    }

    /// <summary>The retirements of the trace from the given one on.</summary>
    internal Retirement[] RetiredSince(int first)
    {
        ReadOnlySpan<RtlRetirement> all = Retired()[first..];
        var result = new Retirement[all.Length];
        for (int i = 0; i < result.Length; i++) result[i] = Of(all[i]);
        return result;
    }

    private ReadOnlySpan<RtlRetirement> Retired() => new(_library.Trace(_handle), (int)_library.TraceCount(_handle));

    private static Retirement Of(RtlRetirement r) => new(r.Index, (Unit)r.Unit, r.Start, r.Retire);

    public void Dispose()
    {
        if (_handle != 0) _library.Destroy(_handle);
        _handle = 0;
        _memories.Clear();
    }
}
