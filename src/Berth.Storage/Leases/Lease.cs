using Berth.Storage.Database;

namespace Berth.Storage.Leases;

/// <summary>
/// Keeps what is being worked on from the collector: make it first, hand it to all that writes, let a lasting row name the result, then dispose it.
/// One left by a killed daemon is dropped at the next start.
/// </summary>
public sealed class Lease : IAsyncDisposable
{
    private readonly BerthDatabase _database;

    private Lease(BerthDatabase database, string id)
    {
        _database = database;
        Id = id;
    }

    public string Id { get; }

    /// <param name="database">Where it is written.</param>
    /// <param name="purpose">For people who look into the database: "load", "create NAME".</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public static async Task<Lease> CreateAsync(BerthDatabase database, string purpose, CancellationToken cancel)
    {
        string id = Guid.NewGuid().ToString("N");
        await database.WriteAsync(
            t => t.Execute("INSERT INTO leases (id, created, purpose) VALUES (@id, @created, @purpose)", ("@id", id), ("@created", Clock.Now()), ("@purpose", purpose)),
            cancel);
        return new Lease(database, id);
    }

    /// <summary>Adds to what the lease keeps, inside the transaction that makes it.</summary>
    public void Keep(Transaction transaction, LeasedKind kind, string name) =>
        transaction.Execute(
            "INSERT OR IGNORE INTO lease_refs (lease, kind, name) VALUES (@lease, @kind, @name)", ("@lease", Id), ("@kind", kind.ToString()), ("@name", name));

    /// <summary>Drops it; what no row names by now is the collector's.</summary>
    public async ValueTask DisposeAsync() =>
        await _database.WriteAsync(t => t.Execute("DELETE FROM leases WHERE id = @id", ("@id", Id)), CancellationToken.None);
}
