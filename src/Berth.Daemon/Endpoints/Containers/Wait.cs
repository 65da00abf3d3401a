using Berth.Api;
using Berth.Daemon.Http;
using Berth.Engine.Containers;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{id}/wait.</summary>
internal static class Wait
{
    public static async Task HandleAsync(ApiCall call)
    {
        Task<ContainerWaitResponse> ended = call.Engine.Queries.Wait(call.Name, ConditionOf(call.Query.Text("condition")), call.Aborted);

        // The client starts the container only after it has this head: then the end cannot be missed.
        await call.StartStreamAsync().ConfigureAwait(false);
        await call.WriteLineAsync(await ended.ConfigureAwait(false), ApiJson.Wire.ContainerWaitResponse).ConfigureAwait(false);
    }

    /// <exception cref="EngineException">Invalid: another word.</exception>
    internal static WaitCondition ConditionOf(string? text) => text switch
    {
        null or "not-running" => WaitCondition.NotRunning,
        "next-exit" => WaitCondition.NextExit,
        "removed" => WaitCondition.Removed,
        _ => throw EngineException.Invalid($"invalid condition: \"{text}\""),
    };
}
