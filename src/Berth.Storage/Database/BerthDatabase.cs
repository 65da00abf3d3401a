using System.Collections.Concurrent;

using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Storage.Failpoints;

using Microsoft.Data.Sqlite;

namespace Berth.Storage.Database;

/// <summary>
/// berth.db: one writer, many readers. A closure given to <see cref="WriteAsync{T}"/> is one transaction, durable when its task ends.
/// Closures that wait at the same moment share one commit (each keeps a savepoint of its own), so that many clients at once pay for few syncs.
/// </summary>
public sealed class BerthDatabase : IDisposable
{
    // More would hold the first of them back for too long.
    private const int ClosuresPerCommit = 64;
    private const int ReadersKept = 4;

    /// <summary>Bytes kept free for each file: the log's limit.</summary>
    private const long Room = 1 << 20;

    /// <summary>SQLITE_FULL (sqlite.org/rescode.html).</summary>
    private const int Full = 13;

    private readonly string _file;

    private readonly string _connectionString;
    private readonly Durable _durable;
    private readonly BlockingCollection<Work> _queue = [];
    private readonly ConcurrentBag<Session> _readers = [];
    private readonly Thread _writer;
    private readonly Transaction _transaction;
    private volatile bool _disposed;

    private BerthDatabase(string file, Durable durable)
    {
        // Pooling off: connections are kept here, with their prepared statements.
        _file = file;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
        _durable = durable;
        ReserveRoom(file); // before it is SQLite's: closing it would drop its locks (sqlite.org/howtocorrupt.html, 2.2)
        _transaction = new Transaction(Connect());
        try
        {
            Schema.Migrate(_transaction);
            ReserveRoom(file + "-wal"); // SQLite locks other files
        }
        catch
        {
            _transaction.Dispose();
            throw;
        }

        _writer = new Thread(WriteAll) { IsBackground = true, Name = "database" };
        _writer.Start();
    }

    /// <summary>Opens the database, makes it where there is none, and brings an older one to this program's schema.</summary>
    /// <exception cref="EngineException">Unavailable: made by a newer program.</exception>
    public static BerthDatabase Open(DataRoot root, Durable durable) => new(root.DatabaseFile, durable);

    /// <summary>Runs a closure as one transaction; what it throws undoes it and comes out of the task.</summary>
    /// <param name="work">Quick: it holds every other writer up. No file work, no waiting.</param>
    /// <param name="cancel">Honoured until the closure starts; a change that has begun is carried through.</param>
    public Task<T> WriteAsync<T>(Func<Transaction, T> work, CancellationToken cancel)
    {
        var item = new Work<T>(work, cancel);
        try
        {
            _queue.Add(item, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            return Task.FromException<T>(EngineException.Unavailable("the database is closed: the daemon is shutting down"));
        }

        return item.Task;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<Transaction> work, CancellationToken cancel) =>
        WriteAsync(
            t =>
            {
                work(t);
                return true;
            },
            cancel);

    /// <summary>Runs a closure over a consistent picture of what is committed. Never waits for the writer.</summary>
    public T Read<T>(Func<Session, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_readers.TryTake(out Session? session))
        {
            session = new Session(Connect());
        }

        T result;
        try
        {
            result = work(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }

        if (_readers.Count < ReadersKept && !_disposed)
        {
            _readers.Add(session);
        }
        else
        {
            session.Dispose();
        }

        return result;
    }

    /// <summary>Carries out what was asked for so far, then closes the file.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _queue.CompleteAdding();
        _writer.Join();
        while (_readers.TryTake(out Session? session))
        {
            session.Dispose();
        }

        _transaction.Dispose();
        _queue.Dispose();
    }

    // What removes things writes rows first: on a disk without a free byte nothing could be removed, and it would stay full. A commit overwrites its log
    // as long as that is no longer than journal_size_limit, so with room for both files there is always room for one.
    private static void ReserveRoom(string path)
    {
        try
        {
            using FileDescriptor file = FileDescriptor.Open(path, Libc.O_WRONLY | Libc.O_CREAT, 0x180 /* 0600 */);
            FileSpace.TryReserve(file, new FileInfo(path).Length + Room, path);
        }
        catch (LinuxException)
        {
            // There is none left to reserve: then it has to do without.
        }
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();

        // FULL: a commit is on the disk when it is reported. The cache is in KiB: rows are few and small, and the daemon is to stay small.
        // A short WAL keeps the data root small; foreign keys are off by default for sqlite's own history (sqlite.org/foreignkeys.html).
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-256; PRAGMA wal_autocheckpoint=200; "
            + "PRAGMA journal_size_limit=1048576; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000; PRAGMA temp_store=MEMORY";
        command.ExecuteNonQuery();
        return connection;
    }

    private void WriteAll()
    {
        var batch = new List<Work>();
        while (_queue.TryTake(out Work? first, Timeout.Infinite))
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < ClosuresPerCommit && _queue.TryTake(out Work? next))
            {
                batch.Add(next);
            }

            Commit(batch);
        }
    }

    private void Commit(List<Work> batch)
    {
        try
        {
            _transaction.Execute("BEGIN IMMEDIATE");
            foreach (Work item in batch)
            {
                _transaction.Execute("SAVEPOINT item");
                if (!item.Run(_transaction))
                {
                    _transaction.Execute("ROLLBACK TO item");
                }

                _transaction.Execute("RELEASE item");
            }

            _transaction.Execute("COMMIT");
            _durable.Step("commit");
        }
        catch (SqliteException e)
        {
            Abandon();
            foreach (Work item in batch)
            {
                item.Fail(EngineException.Internal(
                    e.SqliteErrorCode == Full ? $"no space left on the disk of {_file}: the change was not made; free some" : $"the database could not be written: {e.Message}", e));
            }

            return;
        }

        foreach (Work item in batch)
        {
            item.Finish();
        }
    }

    private void Abandon()
    {
        try
        {
            _transaction.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // A full disk or an I/O error has rolled it back already (sqlite.org/lang_transaction.html).
        }
    }

    private abstract class Work
    {
        /// <summary>False: it threw, or nobody wants it any more.</summary>
        public abstract bool Run(Transaction transaction);

        public abstract void Finish();

        public abstract void Fail(Exception reason);
    }

    private sealed class Work<T>(Func<Transaction, T> work, CancellationToken cancel) : Work
    {
        // Continuations must not run on the writer's thread: they would hold it up.
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private List<Action>? _onCommit;
        private Exception? _failure;

        public Task<T> Task => _done.Task;

        public override bool Run(Transaction transaction)
        {
            if (cancel.IsCancellationRequested)
            {
                _failure = new OperationCanceledException(cancel);
                return false;
            }

            try
            {
                _result = work(transaction);
                _onCommit = transaction.TakeActions();
                return true;
            }
            catch (Exception e)
            {
                transaction.TakeActions();
                _failure = e;
                return false;
            }
        }

        public override void Finish()
        {
            _onCommit?.ForEach(action => action());
            switch (_failure)
            {
                case null: _done.SetResult(_result!); break;
                case OperationCanceledException canceled: _done.SetCanceled(canceled.CancellationToken); break;
                default: _done.SetException(_failure); break;
            }
        }

        public override void Fail(Exception reason) => _done.SetException(_failure ?? reason);
    }
}
