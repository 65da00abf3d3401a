using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Routing;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/{name}/json.</summary>
internal static class Inspect
{
    private static readonly ApiVersion DropsVirtualSize = new(1, 44);

    public static Task HandleAsync(ApiCall call)
    {
        ImageInspect image = call.Engine.Images.Inspect(call.Name);
        return call.WriteAsync(call.Version < DropsVirtualSize ? image : image with { VirtualSize = null }, ApiJson.Wire.ImageInspect);
    }
}
