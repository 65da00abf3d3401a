using Berth.Api;

namespace Berth.Engine.Events;

/// <summary>What happened: kept in the database, told to subscribers.</summary>
public sealed class EventLog
{
    /// <summary>Events since an instant (null: only new ones) until another (null: without end; one in the past: only kept ones).</summary>
    /// <exception cref="FormatException">A filter that is not known.</exception>
    public IAsyncEnumerable<EventMessage> SubscribeAsync(DateTimeOffset? since, DateTimeOffset? until, Filters filters, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    /// <summary>Writes an event down and tells it.</summary>
    public Task WriteAsync(string type, string action, string id, IReadOnlyDictionary<string, string> attributes) => throw new InvalidOperationException("not yet");
}
