using System.Reflection;
using System.Runtime.CompilerServices;

namespace Hil.Stryker.Judge;

/// <summary>The switch that Stryker builds into an assembly: the number of the one fault that is active.</summary>
internal sealed class Faults
{
    private const int NoFault = -1;

    private readonly Assembly _assembly;
    private readonly Type _control;
    private readonly FieldInfo _active;
    private readonly FieldInfo _capture;

    public Faults(string name)
    {
        _assembly = Assembly.Load(name);
        _control = _assembly.GetTypes().SingleOrDefault(t => t.Name == "MutantControl")
            ?? throw new InvalidOperationException($"{name} holds no faults of Stryker's.");
        _active = _control.GetField("ActiveMutant")!;
        _capture = _control.GetField("CaptureCoverage")!;
        Clear();
    }

    public void Plant(int fault) => _active.SetValue(null, fault);

    public void Clear() => Plant(NoFault);

    /// <summary>Runs every static initialiser, and gives the faults in what these run: planted later, they would change nothing.</summary>
    public IReadOnlySet<int> OfInitialisers() => ReachedBy(RunInitialisers, Timeout.InfiniteTimeSpan)!;

    private void RunInitialisers()
    {
        foreach (Type type in _assembly.GetTypes().Where(t => t != _control && !t.ContainsGenericParameters)) RuntimeHelpers.RunClassConstructor(type.TypeHandle);
    }

    /// <summary>The faults whose places are run through; null where that takes longer than the limit, for each place that is noted costs time.</summary>
    public IReadOnlySet<int>? ReachedBy(Action run, TimeSpan limit)
    {
        _control.GetMethod("InitCoverage")!.Invoke(null, []);
        _capture.SetValue(null, true);
        var running = new Thread(() => run());
        running.Start();
        bool ended = running.Join(limit);
        _capture.SetValue(null, false);
        running.Join();
        var covered = (IList<int>[])_control.GetMethod("GetCoverageData")!.Invoke(null, [])!;
        return ended ? covered.SelectMany(c => c).ToHashSet() : null;
    }
}
