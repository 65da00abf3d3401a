using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Routing;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/{name}/json.</summary>
internal static class Inspect
{
    /// <summary>Of an image without a time; left out since 1.44.</summary>
    private const string NoTime = "0001-01-01T00:00:00Z";

    private static readonly ApiVersion DropsVirtualSize = new(1, 44);

    public static Task HandleAsync(ApiCall call)
    {
        ImageInspect image = call.Engine.Images.Inspect(call.Name);

        // Docker dropped ContainerConfig with 1.45, but docker-compose 1.29 speaks the newest version it is offered, reads it when it makes a container
        // anew, and fails without.
        image = image with { ContainerConfig = new ContainerConfig { Volumes = image.Config?.Volumes } };
        image = call.Version < DropsVirtualSize ? image with { Created = image.Created ?? NoTime } : image with { VirtualSize = null };
        return call.WriteAsync(image, ApiJson.Wire.ImageInspect);
    }
}
