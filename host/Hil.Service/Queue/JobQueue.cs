using System.Text.Json;
using Hil.Contract;
using Hil.Jobs;
using Hil.Jobs.Artefacts;
using Hil.Jobs.Specs;
using Microsoft.Data.Sqlite;

namespace Hil.Service.Queue;

/// <summary>
/// The durable queue. A job is accepted when <see cref="Accept"/> has returned; from then on it is run until it has exactly one
/// outcome, however often the process is killed. The number of the attempt fences out whoever started it earlier.
/// </summary>
public sealed class JobQueue : IDisposable
{
    /// <summary>
    /// A job that was under way at so many deaths of the service is taken to be their cause. Far above what a
    /// machine that is switched off now and then will do to one job.
    /// </summary>
    public const int MaxAttempts = 40;

    private const string Columns = "id, spec, state, attempt, cancel, accepted, started, finished, outcome";

    private readonly Database _database;
    private readonly FileStream _lock;
    private readonly TimeProvider _time;

    /// <exception cref="HilException">Another service owns the folder.</exception>
    public JobQueue(string folder, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        _time = time;
        string lockFile = Path.Combine(folder, "lock");
        try
        {
            _lock = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new HilException(ExitKind.Device, "another service uses this folder.", folder,
                "Stop it, or give this one another folder with --data.", e);
        }

        _database = new Database(Path.Combine(folder, "queue.db"));
        RecoverInterrupted();
    }

    /// <summary>Completes at the next change of any job; for those who wait for events.</summary>
    public Task NextChange => _changed.Task;

    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Accepts a job, or finds the one already accepted under the same key.</summary>
    /// <param name="spec">Checked; its inputs are in the object store.</param>
    /// <param name="key">Chosen by the client, so that a request sent again is no second job; null: none.</param>
    public QueuedJob Accept(JobSpec spec, string? key)
    {
        string id = Guid.CreateVersion7(_time.GetUtcNow()).ToString("N");
        int added = _database.Execute("""
            INSERT INTO jobs (id, sequence, key, spec, state, accepted)
            VALUES ($id, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM jobs), $key, $spec, 'Queued', $now)
            ON CONFLICT (key) DO NOTHING
            """, ("id", id), ("key", key), ("spec", spec.ToJson()), ("now", Now()));
        Changed();
        return added == 1
            ? Find(id)!
            : _database.Query($"SELECT {Columns} FROM jobs WHERE key = $key", Read, ("key", key)).Single();
    }

    /// <summary>Takes the oldest waiting job, or null.</summary>
    public QueuedJob? Claim()
    {
        QueuedJob? job = _database.Query($"""
            UPDATE jobs SET state = 'Running', attempt = attempt + 1, started = $now
            WHERE id = (SELECT id FROM jobs WHERE state = 'Queued' ORDER BY sequence LIMIT 1)
            RETURNING {Columns}
            """, Read, ("now", Now())).SingleOrDefault();
        if (job is not null)
        {
            Changed();
        }

        return job;
    }

    /// <summary>Records the one outcome of an attempt; false when the job is no longer that attempt's.</summary>
    public bool Finish(QueuedJob job, JobState state, JobOutcome outcome)
    {
        int changed = _database.Execute("""
            UPDATE jobs SET state = $state, finished = $now, outcome = $outcome
            WHERE id = $id AND state = 'Running' AND attempt = $attempt
            """, ("state", state.ToString()), ("now", Now()), ("outcome", CanonicalJson.Bytes(outcome)),
            ("id", job.Id), ("attempt", job.Attempt));
        Changed();
        return changed == 1;
    }

    /// <summary>Puts an attempt that was stopped with the service back into its place.</summary>
    public void GiveBack(QueuedJob job)
    {
        _database.Execute("""
            UPDATE jobs SET state = 'Queued', attempt = attempt - 1, started = NULL
            WHERE id = $id AND state = 'Running' AND attempt = $attempt
            """, ("id", job.Id), ("attempt", job.Attempt));
        Changed();
    }

    /// <summary>Cancels a waiting job at once; asks for the cancellation of a running one.</summary>
    public void Cancel(string id)
    {
        _database.Execute("""
            UPDATE jobs SET cancel = 1,
                finished = CASE state WHEN 'Queued' THEN $now ELSE finished END,
                state = CASE state WHEN 'Queued' THEN 'Cancelled' ELSE state END
            WHERE id = $id AND state IN ('Queued', 'Running')
            """, ("id", id), ("now", Now()));
        Changed();
    }

    public QueuedJob? Find(string id) =>
        _database.Query($"SELECT {Columns} FROM jobs WHERE id = $id", Read, ("id", id)).SingleOrDefault();

    /// <summary>The newest jobs first.</summary>
    public IReadOnlyList<QueuedJob> Newest(int count) =>
        _database.Query($"SELECT {Columns} FROM jobs ORDER BY sequence DESC LIMIT $count", Read, ("count", count));

    public IReadOnlyDictionary<JobState, long> CountByState() =>
        _database.Query("SELECT state, COUNT(*) FROM jobs GROUP BY state",
            r => (Enum.Parse<JobState>(r.GetString(0)), r.GetInt64(1))).ToDictionary();

    public void Append(string id, JobEvent progress)
    {
        _database.Execute("""
            INSERT INTO events (job, number, event)
            VALUES ($id, (SELECT COALESCE(MAX(number), 0) + 1 FROM events WHERE job = $id), $event)
            """, ("id", id), ("event", CanonicalJson.Bytes(progress)));
        Changed();
    }

    public IReadOnlyList<NumberedEvent> EventsAfter(string id, long number) =>
        _database.Query("SELECT number, event FROM events WHERE job = $id AND number > $number ORDER BY number",
            r => new NumberedEvent(r.GetInt64(0), Parse<JobEvent>(r.GetFieldValue<byte[]>(1))),
            ("id", id), ("number", number));

    public void Dispose()
    {
        _database.Dispose();
        _lock.Dispose();
    }

    private void RecoverInterrupted()
    {
        var crashed = new JobOutcome(ExitKind.Device, new Manifest(Manifest.CurrentSchema, "", []),
            new JobError(ExitKind.Device, $"the service died {MaxAttempts} times while it ran.", "job",
                "Run it by `hil run` to see why."));
        _database.Execute("""
            UPDATE jobs SET state = 'Failed', finished = $now, outcome = $outcome
            WHERE state = 'Running' AND attempt >= $max;
            UPDATE jobs SET state = 'Cancelled', finished = $now WHERE state = 'Running' AND cancel = 1;
            UPDATE jobs SET state = 'Queued', started = NULL WHERE state = 'Running';
            """, ("now", Now()), ("outcome", CanonicalJson.Bytes(crashed)), ("max", MaxAttempts));
    }

    private void Changed() =>
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private string Now() => _time.GetUtcNow().ToString("O");

    private static QueuedJob Read(SqliteDataReader r) => new(
        r.GetString(0),
        Parse<JobSpec>(r.GetFieldValue<byte[]>(1)),
        Enum.Parse<JobState>(r.GetString(2)),
        r.GetInt32(3),
        r.GetInt64(4) != 0,
        Time(r, 5)!.Value,
        Time(r, 6),
        Time(r, 7),
        r.IsDBNull(8) ? null : Parse<JobOutcome>(r.GetFieldValue<byte[]>(8)));

    private static DateTimeOffset? Time(SqliteDataReader r, int column) =>
        r.IsDBNull(column) ? null : DateTimeOffset.ParseExact(r.GetString(column), "O", null);

    private static T Parse<T>(byte[] json) => JsonSerializer.Deserialize<T>(json, CanonicalJson.Options)!;
}
