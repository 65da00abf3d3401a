using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Routing;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{id}/stats: one JSON document a second, or one alone.</summary>
internal static class Stats
{
    private static readonly ApiVersion HasOneShot = new(1, 41);

    public static async Task HandleAsync(ApiCall call)
    {
        bool stream = call.Query.Flag("stream", absent: true), atOnce = call.Query.Flag("one-shot") && !(call.Version < HasOneShot);
        if (stream && atOnce)
        {
            throw EngineException.Invalid("cannot have stream=true and one-shot=true");
        }

        if (!stream)
        {
            ContainerStatsResponse one = await call.Engine.Statistics.OneAsync(call.Name, atOnce, call.Aborted).ConfigureAwait(false);
            await call.WriteAsync(one, ApiJson.Wire.ContainerStatsResponse).ConfigureAwait(false);
            return;
        }

        IAsyncEnumerable<ContainerStatsResponse> samples = call.Engine.Statistics.Stream(call.Name, call.Aborted);
        await call.StartStreamAsync().ConfigureAwait(false);
        await foreach (ContainerStatsResponse sample in samples.ConfigureAwait(false))
        {
            await call.WriteLineAsync(sample, ApiJson.Wire.ContainerStatsResponse).ConfigureAwait(false);
        }
    }
}
