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

        // Docker dropped ContainerConfig with 1.45, but docker-compose 1.29 speaks the newest version it is offered, reads it when it makes a container
        // anew, and fails without.
        image = image with { ContainerConfig = new ContainerConfig { Volumes = image.Config?.Volumes } };
        return call.WriteAsync(call.Version < DropsVirtualSize ? image : image with { VirtualSize = null }, ApiJson.Wire.ImageInspect);
    }
}
