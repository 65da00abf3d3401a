using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Routing;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/{name}/json.</summary>
internal static class Inspect
{
    private static readonly ApiVersion DropsVirtualSize = new(1, 44);

    // docker-compose 1.29 reads it when it makes a container anew, and fails without.
    private static readonly ApiVersion DropsContainerConfig = new(1, 45);

    public static Task HandleAsync(ApiCall call)
    {
        ImageInspect image = call.Engine.Images.Inspect(call.Name);
        if (call.Version < DropsContainerConfig)
        {
            image = image with { ContainerConfig = new ContainerConfig { Volumes = image.Config?.Volumes } };
        }

        return call.WriteAsync(call.Version < DropsVirtualSize ? image : image with { VirtualSize = null }, ApiJson.Wire.ImageInspect);
    }
}
