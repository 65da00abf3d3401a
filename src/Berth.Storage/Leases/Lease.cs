using Berth.Storage.Database;

namespace Berth.Storage.Leases;

/// <summary>
/// Keeps what is being worked on from the collector: make it first, hand it to all that writes, let a lasting row name the result, then dispose it.
/// One left by a killed daemon is dropped at the next start, but for lasting ones: what they keep waits for the next try (a pull that goes on).
/// </summary>
public sealed class Lease : IAsyncDisposable
{
    /// <summary>How long a lasting lease outlives the work that was broken off.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly BerthDatabase _database;
    private readonly string _purpose;
    private readonly bool _isLasting;
    private bool _written;
    private bool _completed;

    private Lease(BerthDatabase database, string purpose, bool isLasting) => (_database, _purpose, _isLasting) = (database, purpose, isLasting);

    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>A lease that is written with the first thing it keeps, in the same transaction: a commit of its own would be one more wait for the disk.</summary>
    /// <param name="database">Where it is written.</param>
    /// <param name="purpose">For people who look into the database: "load", "create NAME".</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    public static Task<Lease> CreateAsync(BerthDatabase database, string purpose, CancellationToken cancel) =>
        cancel.IsCancellationRequested ? Task.FromCanceled<Lease>(cancel) : Task.FromResult(new Lease(database, purpose, isLasting: false));

    /// <summary>
    /// As <see cref="CreateAsync"/>, but what it keeps stays for a day where the work is broken off, by a failure or by a kill, unless <see cref="Complete"/>
    /// was called. The next work of the same purpose that is completed drops what such ones left.
    /// </summary>
    public static Task<Lease> CreateLastingAsync(BerthDatabase database, string purpose, CancellationToken cancel) =>
        cancel.IsCancellationRequested ? Task.FromCanceled<Lease>(cancel) : Task.FromResult(new Lease(database, purpose, isLasting: true));

    /// <summary>The work is done: lasting rows name what is to be kept.</summary>
    public void Complete() => _completed = true;

    /// <summary>Adds to what the lease keeps, inside the transaction that makes it.</summary>
    public void Keep(Transaction transaction, LeasedKind kind, string name)
    {
        // Every time, since an earlier transaction may have been undone.
        transaction.Execute(
            "INSERT OR IGNORE INTO leases (id, created, purpose, lasting) VALUES (@id, @created, @purpose, @lasting)",
            ("@id", Id), ("@created", Clock.Now()), ("@purpose", _purpose), ("@lasting", _isLasting));
        transaction.Execute(
            "INSERT OR IGNORE INTO lease_refs (lease, kind, name) VALUES (@lease, @kind, @name)", ("@lease", Id), ("@kind", kind.ToString()), ("@name", name));
        Volatile.Write(ref _written, true);
    }

    /// <summary>Drops it; what no row names by now is the collector's.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isLasting && _completed)
        {
            await _database.WriteAsync(
                t => t.Execute("DELETE FROM leases WHERE id = @id OR (purpose = @purpose AND expires IS NOT NULL)", ("@id", Id), ("@purpose", _purpose)),
                CancellationToken.None);
        }
        else if (_isLasting && Volatile.Read(ref _written))
        {
            await _database.WriteAsync(
                t => t.Execute("UPDATE leases SET expires = @expires WHERE id = @id", ("@id", Id), ("@expires", Clock.FromTime(DateTimeOffset.UtcNow + Lifetime))),
                CancellationToken.None);
        }
        else if (Volatile.Read(ref _written))
        {
            await _database.WriteAsync(t => t.Execute("DELETE FROM leases WHERE id = @id", ("@id", Id)), CancellationToken.None);
        }
    }

    /// <summary>At the daemon's start no work goes on: leases are dropped, lasting ones begin to run out.</summary>
    internal static void AfterStart(Transaction t)
    {
        t.Execute("DELETE FROM leases WHERE lasting = 0");
        t.Execute("UPDATE leases SET expires = @expires WHERE expires IS NULL", ("@expires", Clock.FromTime(DateTimeOffset.UtcNow + Lifetime)));
    }

    /// <summary>Drops those that ran out.</summary>
    internal static void DropExpired(Transaction t) => t.Execute("DELETE FROM leases WHERE expires <= @now", ("@now", Clock.Now()));
}
