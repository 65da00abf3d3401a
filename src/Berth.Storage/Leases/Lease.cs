using Berth.Storage.Database;

namespace Berth.Storage.Leases;

/// <summary>
/// Keeps what is being worked on from the collector: make it first, hand it to all that writes, let a lasting row name the result, then dispose it.
/// One left by a killed daemon is dropped at the next start.
/// </summary>
public sealed class Lease : IAsyncDisposable
{
    private readonly BerthDatabase _database;
    private readonly string _purpose;
    private bool _written;

    private Lease(BerthDatabase database, string purpose) => (_database, _purpose) = (database, purpose);

    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>A lease that is written with the first thing it keeps, in the same transaction: a commit of its own would be one more wait for the disk.</summary>
    /// <param name="database">Where it is written.</param>
    /// <param name="purpose">For people who look into the database: "load", "create NAME".</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public static Task<Lease> CreateAsync(BerthDatabase database, string purpose, CancellationToken cancel) =>
        cancel.IsCancellationRequested ? Task.FromCanceled<Lease>(cancel) : Task.FromResult(new Lease(database, purpose));

    /// <summary>Adds to what the lease keeps, inside the transaction that makes it.</summary>
    public void Keep(Transaction transaction, LeasedKind kind, string name)
    {
        // Every time, since an earlier transaction may have been undone.
        transaction.Execute(
            "INSERT OR IGNORE INTO leases (id, created, purpose) VALUES (@id, @created, @purpose)", ("@id", Id), ("@created", Clock.Now()), ("@purpose", _purpose));
        transaction.Execute(
            "INSERT OR IGNORE INTO lease_refs (lease, kind, name) VALUES (@lease, @kind, @name)", ("@lease", Id), ("@kind", kind.ToString()), ("@name", name));
        Volatile.Write(ref _written, true);
    }

    /// <summary>Drops it; what no row names by now is the collector's.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Volatile.Read(ref _written))
        {
            await _database.WriteAsync(t => t.Execute("DELETE FROM leases WHERE id = @id", ("@id", Id)), CancellationToken.None);
        }
    }
}
