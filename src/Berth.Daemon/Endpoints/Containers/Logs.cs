using Berth.Daemon.Hijack;
using Berth.Daemon.Http;
using Berth.Engine.Logs;
using Berth.Engine.Streams;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{id}/logs.</summary>
internal static class Logs
{
    public static async Task HandleAsync(ApiCall call)
    {
        var options = new LogOptions
        {
            Follow = call.Query.Flag("follow"),
            Stdout = call.Query.Flag("stdout"),
            Stderr = call.Query.Flag("stderr"),
            Since = call.Query.Instant("since"),
            Until = call.Query.Instant("until"),
            Timestamps = call.Query.Flag("timestamps"),
            Details = call.Query.Flag("details"),
            Tail = TailOf(call.Query.Text("tail")),
        };
        if (!options.Stdout && !options.Stderr)
        {
            throw EngineException.Invalid("Bad parameters: you must choose at least one stream");
        }

        StreamSession session = await call.Engine.Streams.LogsAsync(call.Name, options, call.Aborted).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            await call.StartStreamAsync(StreamResponse.TypeOf(session.Raw, call.Version)).ConfigureAwait(false);
            await session.RunAsync(null, call.Http.Response.BodyWriter, call.Aborted).ConfigureAwait(false);
        }
    }

    /// <summary>As Docker reads it: what is no number, "all" say, is all.</summary>
    internal static int? TailOf(string? text) => int.TryParse(text, out int lines) && lines >= 0 ? lines : null;
}
