using System.Runtime.InteropServices;

namespace Hil.Devices;

/// <summary>The C interface of one built core (sim/verilator/hil_rtl.cpp). Each machine is a library of its own.</summary>
internal sealed unsafe class RtlLibrary
{
    private RtlLibrary(nint library)
    {
        Create = (delegate* unmanaged<RtlRegion*, int, int, nint>)NativeLibrary.GetExport(library, "hil_create");
        Destroy = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "hil_destroy");
        MainClear = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "hil_main_clear");
        MainWrite = (delegate* unmanaged<nint, ulong, byte*, long, int>)NativeLibrary.GetExport(library, "hil_main_write");
        MainRead = (delegate* unmanaged<nint, ulong, byte*, long, void>)NativeLibrary.GetExport(library, "hil_main_read");
        MemoryCount = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "hil_memory_count");
        Memory = (delegate* unmanaged<nint, int, byte**, int*, int*, byte*>)NativeLibrary.GetExport(library, "hil_memory");
        HostWrite = (delegate* unmanaged<nint, int, int, byte*, void>)NativeLibrary.GetExport(library, "hil_host_write");
        HostRead = (delegate* unmanaged<nint, int, int, byte*, void>)NativeLibrary.GetExport(library, "hil_host_read");
        Reset = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "hil_reset");
        Start = (delegate* unmanaged<nint, uint, uint, void>)NativeLibrary.GetExport(library, "hil_start");
        Run = (delegate* unmanaged<nint, long, int>)NativeLibrary.GetExport(library, "hil_run");
        RunToRetirement = (delegate* unmanaged<nint, long, int>)NativeLibrary.GetExport(library, "hil_run_to_retirement");
        Now = (delegate* unmanaged<nint, long>)NativeLibrary.GetExport(library, "hil_now");
        WavesOpen = (delegate* unmanaged<nint, byte*, long, long, int>)NativeLibrary.GetExport(library, "hil_waves_open");
        WavesClose = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "hil_waves_close");
        CoverageClear = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "hil_coverage_clear");
        CoverageWrite = (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(library, "hil_coverage_write");
        Mutate = (delegate* unmanaged<nint, int, void>)NativeLibrary.GetExport(library, "hil_mutate");
        Counter = (delegate* unmanaged<nint, int, long>)NativeLibrary.GetExport(library, "hil_counter");
        Identity = (delegate* unmanaged<nint, byte*, void>)NativeLibrary.GetExport(library, "hil_identity");
        Trap = (delegate* unmanaged<nint, int*, int*, void>)NativeLibrary.GetExport(library, "hil_trap");
        TraceCount = (delegate* unmanaged<nint, long>)NativeLibrary.GetExport(library, "hil_trace_count");
        Trace = (delegate* unmanaged<nint, RtlRetirement*>)NativeLibrary.GetExport(library, "hil_trace");
    }

    public delegate* unmanaged<RtlRegion*, int, int, nint> Create { get; }

    public delegate* unmanaged<nint, void> Destroy { get; }

    public delegate* unmanaged<nint, void> MainClear { get; }

    public delegate* unmanaged<nint, ulong, byte*, long, int> MainWrite { get; }

    public delegate* unmanaged<nint, ulong, byte*, long, void> MainRead { get; }

    public delegate* unmanaged<nint, int> MemoryCount { get; }

    public delegate* unmanaged<nint, int, byte**, int*, int*, byte*> Memory { get; }

    public delegate* unmanaged<nint, int, int, byte*, void> HostWrite { get; }

    public delegate* unmanaged<nint, int, int, byte*, void> HostRead { get; }

    public delegate* unmanaged<nint, void> Reset { get; }

    public delegate* unmanaged<nint, uint, uint, void> Start { get; }

    public delegate* unmanaged<nint, long, int> Run { get; }

    public delegate* unmanaged<nint, long, int> RunToRetirement { get; }

    public delegate* unmanaged<nint, long> Now { get; }

    public delegate* unmanaged<nint, byte*, long, long, int> WavesOpen { get; }

    public delegate* unmanaged<nint, void> WavesClose { get; }

    public delegate* unmanaged<nint, void> CoverageClear { get; }

    public delegate* unmanaged<nint, byte*, int> CoverageWrite { get; }

    public delegate* unmanaged<nint, int, void> Mutate { get; }

    public delegate* unmanaged<nint, int, long> Counter { get; }

    public delegate* unmanaged<nint, byte*, void> Identity { get; }

    public delegate* unmanaged<nint, int*, int*, void> Trap { get; }

    public delegate* unmanaged<nint, long> TraceCount { get; }

    public delegate* unmanaged<nint, RtlRetirement*> Trace { get; }

    /// <summary>Loads a library; it stays loaded, as its code may be in use until the process ends.</summary>
    public static RtlLibrary Load(string path) => new(NativeLibrary.Load(path));
}

/// <summary>As hil::Region.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RtlRegion(
    ulong Base, ulong Bytes, int Writable, int ReadLatencyCycles, int WriteLatencyCycles, int BeatBytes, int CyclesPerBeat,
    int MaxBurstBytes, int PageBytes, int PageCycles);

/// <summary>As Retirement of the library.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RtlRetirement(long Start, long Retire, long Busy, int Index, int Unit);
