using Microsoft.Data.Sqlite;

namespace Hil.Service.Queue;

/// <summary>The SQLite file of the queue: one connection, one statement at a time, each durable when it returns.</summary>
internal sealed class Database : IDisposable
{
    private const int SchemaVersion = 1;

    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();

    public Database(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
        }.ToString());
        _connection.Open();
        // FULL: a committed job survives a loss of power, not only the death of this process.
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
        Execute($"""
            CREATE TABLE IF NOT EXISTS jobs (
                id TEXT PRIMARY KEY,
                sequence INTEGER NOT NULL UNIQUE,
                key TEXT UNIQUE,
                spec BLOB NOT NULL,
                state TEXT NOT NULL,
                attempt INTEGER NOT NULL DEFAULT 0,
                cancel INTEGER NOT NULL DEFAULT 0,
                accepted TEXT NOT NULL,
                started TEXT,
                finished TEXT,
                outcome BLOB);
            CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, sequence);
            CREATE TABLE IF NOT EXISTS events (
                job TEXT NOT NULL REFERENCES jobs (id),
                number INTEGER NOT NULL,
                event BLOB NOT NULL,
                PRIMARY KEY (job, number)) WITHOUT ROWID;
            PRAGMA user_version = {SchemaVersion};
            """);
    }

    /// <summary>Runs statements; the number of rows changed.</summary>
    public int Execute(string sql, params (string Name, object? Value)[] parameters)
    {
        lock (_gate)
        {
            using SqliteCommand command = Command(sql, parameters);
            return command.ExecuteNonQuery();
        }
    }

    public IReadOnlyList<T> Query<T>(
        string sql, Func<SqliteDataReader, T> row, params (string Name, object? Value)[] parameters)
    {
        lock (_gate)
        {
            using SqliteCommand command = Command(sql, parameters);
            using SqliteDataReader reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(row(reader));
            }

            return rows;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _connection.Dispose();
        }
    }

    private SqliteCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.AddWithValue("$" + name, value ?? DBNull.Value);
        }

        return command;
    }
}
