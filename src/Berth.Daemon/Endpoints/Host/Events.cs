using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Routing;

namespace Berth.Daemon.Endpoints.Host;

/// <summary>GET /events: one JSON document a line, until the client leaves or the time asked for has come.</summary>
internal static class Events
{
    private static readonly ApiVersion DropsLegacyFields = new(1, 52);

    public static async Task HandleAsync(ApiCall call)
    {
        IAsyncEnumerable<EventMessage> events =
            call.Engine.Events.SubscribeAsync(call.Query.Instant("since"), call.Query.Instant("until"), call.Query.Filters(), call.Aborted);
        await call.StartStreamAsync().ConfigureAwait(false);
        await foreach (EventMessage message in events.ConfigureAwait(false))
        {
            await call.WriteLineAsync(Shape(message, call.Version), ApiJson.Wire.EventMessage).ConfigureAwait(false);
        }
    }

    // The three fields repeat what Action and Actor say; 1.52 dropped them.
    private static EventMessage Shape(EventMessage message, ApiVersion version) =>
        version < DropsLegacyFields ? message : message with { LegacyStatus = null, LegacyId = null, LegacyFrom = null };
}
