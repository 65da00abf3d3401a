using Berth.Daemon.Hijack;
using Berth.Daemon.Http;
using Berth.Engine.Streams;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{id}/attach.</summary>
internal static class Attach
{
    public static async Task HandleAsync(ApiCall call)
    {
        var options = new AttachOptions
        {
            Logs = call.Query.Flag("logs"),
            Stream = call.Query.Flag("stream"),
            Stdin = call.Query.Flag("stdin"),
            Stdout = call.Query.Flag("stdout"),
            Stderr = call.Query.Flag("stderr"),
            DetachKeys = call.Query.Text("detachKeys"),
        };
        StreamSession session = await call.Engine.Streams.AttachAsync(call.Name, options, call.Aborted).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            await StreamResponse.RunAsync(call, session).ConfigureAwait(false);
        }
    }
}
