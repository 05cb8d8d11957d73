using Hil.Jobs;

namespace Hil.Cli.Jobs;

/// <summary>Prints what a job does, once it has taken two seconds; then every two seconds and at each new step.</summary>
internal sealed class ProgressPrinter : IProgress<JobEvent>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Terminal _terminal;
    private readonly Timer _timer;
    private JobEvent? _current;
    private JobEvent? _printed;
    private bool _late;

    public ProgressPrinter(Terminal terminal)
    {
        _terminal = terminal;
        _timer = new Timer(_ => Tick(), null, Patience, Patience);
    }

    public void Report(JobEvent value)
    {
        lock (_gate)
        {
            bool isNewStep = _current?.Step != value.Step;
            _current = value;
            if (_late && isNewStep)
            {
                Print();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        lock (_gate)
        {
            _late = true;
            Print();
        }
    }

    private void Print()
    {
        if (_current is not null && _current != _printed)
        {
            _terminal.Progress($"{_current.Step}: {_current.Message}");
            _printed = _current;
        }
    }
}
