using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Networks;

/// <summary>DELETE /networks/{id}.</summary>
internal static class Remove
{
    public static async Task HandleAsync(ApiCall call)
    {
        await call.Engine.NetworkControl.RemoveAsync(call.Name, call.Aborted).ConfigureAwait(false);
        await call.WriteNothing().ConfigureAwait(false);
    }
}
