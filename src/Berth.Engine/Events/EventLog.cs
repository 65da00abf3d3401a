using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;

using Berth.Api;
using Berth.Storage;
using Berth.Storage.Database;

using Microsoft.Data.Sqlite;

namespace Berth.Engine.Events;

/// <summary>
/// What happened: kept in the database, told to subscribers. An event of a state change is appended in the change's own transaction and told once
/// that is committed; one without (attach, exec_start) is posted: written soon, told at once.
/// </summary>
public sealed class EventLog
{
    // Docker keeps 256 in memory; these cost about 400 bytes each, on disk.
    private const int Kept = 4096;

    // A subscriber that is so far behind does not read any more.
    private const int Backlog = 16384;

    private readonly BerthDatabase _database;
    private readonly Lock _lock = new();
    private readonly List<Channel<Numbered>> _subscribers = [];
    private int _appended;

    internal EventLog(BerthDatabase database) => _database = database;

    /// <summary>Events since an instant (null: only new ones) until another (null: without end; one in the past: only kept ones).</summary>
    /// <exception cref="EngineException">Invalid: a filter that is not known.</exception>
    public IAsyncEnumerable<EventMessage> SubscribeAsync(DateTimeOffset? since, DateTimeOffset? until, Filters filters, CancellationToken cancel)
    {
        // Checked and subscribed before the first message is asked for, so that the caller can send its head in between and misses nothing.
        var filter = new EventFilter(filters);
        Channel<Numbered> channel = Channel.CreateBounded<Numbered>(new BoundedChannelOptions(Backlog) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        lock (_lock)
        {
            _subscribers.Add(channel);
        }

        return ReadAsync(channel, filter, since, until, cancel);
    }

    /// <summary>Writes an event inside the transaction of what it tells about.</summary>
    internal Numbered Append(Transaction transaction, EngineEvent happened)
    {
        long time = Clock.Now();
        transaction.Execute(
            "INSERT INTO events (time, type, action, actor, document) VALUES (@time, @type, @action, @actor, @document)",
            ("@time", time),
            ("@type", happened.Type),
            ("@action", happened.Action),
            ("@actor", happened.ActorId),
            ("@document", JsonSerializer.Serialize(happened.Attributes, EngineJson.Default.IReadOnlyDictionaryStringString)));
        long number = transaction.Number("SELECT last_insert_rowid()");
        if (Interlocked.Increment(ref _appended) % 256 == 0)
        {
            transaction.Execute("DELETE FROM events WHERE number <= @last", ("@last", number - Kept));
        }

        return new Numbered(number, Message(happened, time));
    }

    /// <summary>Tells an appended event, once its transaction is committed.</summary>
    internal void Tell(Numbered? happened)
    {
        if (happened is null)
        {
            return;
        }

        lock (_lock)
        {
            // A full channel belongs to somebody who does not read: its end tells them that they missed something.
            foreach (Channel<Numbered> slow in _subscribers.Where(s => !s.Writer.TryWrite(happened)).ToList())
            {
                slow.Writer.TryComplete();
                _subscribers.Remove(slow);
            }
        }
    }

    /// <summary>Writes and tells an event that no state change goes with. The task ends when it is on disk; nobody needs to wait for it.</summary>
    public async Task PostAsync(EngineEvent happened) => Tell(await _database.WriteAsync(t => Append(t, happened), CancellationToken.None));

    private async IAsyncEnumerable<EventMessage> ReadAsync(
        Channel<Numbered> channel, EventFilter filter, DateTimeOffset? since, DateTimeOffset? until, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            long last = 0;
            foreach (Numbered kept in since is null && until is null ? [] : ReadKept(since, until))
            {
                last = kept.Number;
                if (filter.Matches(kept.Message))
                {
                    yield return kept.Message;
                }
            }

            if (until is { } end)
            {
                TimeSpan left = end - DateTimeOffset.UtcNow;
                if (left <= TimeSpan.Zero)
                {
                    yield break;
                }

                deadline.CancelAfter(left);
            }

            while (await NextAsync(channel, deadline.Token) is { } next)
            {
                if (next.Number > last && filter.Matches(next.Message))
                {
                    yield return next.Message;
                }
            }

            cancel.ThrowIfCancellationRequested();
        }
        finally
        {
            lock (_lock)
            {
                _subscribers.Remove(channel);
            }
        }
    }

    private static async Task<Numbered?> NextAsync(Channel<Numbered> channel, CancellationToken deadline)
    {
        try
        {
            return await channel.Reader.ReadAsync(deadline);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            return null;
        }
    }

    private IReadOnlyList<Numbered> ReadKept(DateTimeOffset? since, DateTimeOffset? until) => _database.Read(s => s.Query(
        "SELECT number, time, type, action, actor, document FROM events WHERE time >= @since AND time <= @until ORDER BY number",
        Read,
        ("@since", since is { } from ? Nanoseconds(from) : 0),
        ("@until", until is { } to ? Nanoseconds(to) : long.MaxValue)));

    private static Numbered Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        Message(
            new EngineEvent(
                row.GetString(2),
                row.GetString(3),
                row.GetString(4),
                JsonSerializer.Deserialize(row.GetString(5), EngineJson.Default.IReadOnlyDictionaryStringString) ?? new Dictionary<string, string>()),
            row.GetInt64(1)));

    private static EventMessage Message(EngineEvent happened, long time)
    {
        bool legacy = happened.Type is "container" or "image";
        return new EventMessage
        {
            Type = happened.Type,
            Action = happened.Action,
            Actor = new EventActor { ID = happened.ActorId, Attributes = happened.Attributes },
            Scope = "local",
            Time = time / 1_000_000_000,
            TimeNano = time,
            LegacyStatus = legacy ? happened.Action : null,
            LegacyId = legacy ? happened.ActorId : null,
            LegacyFrom = happened.Type == "container" && happened.Attributes.TryGetValue("image", out string? image) ? image : null,
        };
    }

    private static long Nanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;

    /// <summary>An event with its place in the log.</summary>
    internal sealed record Numbered(long Number, EventMessage Message);
}
