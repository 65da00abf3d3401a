using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>DELETE /images/{name}.</summary>
internal static class Remove
{
    public static async Task HandleAsync(ApiCall call)
    {
        IReadOnlyList<ImageDeleteResponseItem> removed = await call.Engine.Images
            .RemoveAsync(call.Name, PlatformText.AllOf(call), call.Query.Flag("force"), call.Query.Flag("noprune"), call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(removed, ApiJson.Wire.IReadOnlyListImageDeleteResponseItem).ConfigureAwait(false);
    }
}
