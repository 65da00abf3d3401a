using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Daemon.Routing;
using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/{name}/json.</summary>
internal static class Inspect
{
    /// <summary>Of an image without a time; left out since 1.44.</summary>
    private const string NoTime = "0001-01-01T00:00:00Z";

    private static readonly ApiVersion DropsVirtualSize = new(1, 44);

    public static Task HandleAsync(ApiCall call)
    {
        Platform? platform = PlatformText.Of(call);
        if (platform is not null && call.Query.Flag("manifests"))
        {
            throw EngineException.Invalid("conflicting options: manifests and platform cannot both be given");
        }

        // Of "manifests" alone nothing comes: the specification has that field only where a store holds several platforms of an image.
        ImageInspect image = call.Engine.Images.Inspect(call.Name, platform);

        // Docker dropped ContainerConfig with 1.45, but docker-compose 1.29 speaks the newest version it is offered, reads it when it makes a container
        // anew, and fails without.
        image = image with { ContainerConfig = new ContainerConfig { Volumes = image.Config?.Volumes } };
        image = call.Version < DropsVirtualSize ? image with { Created = image.Created ?? NoTime } : image with { VirtualSize = null };
        return call.WriteAsync(image, ApiJson.Wire.ImageInspect);
    }
}
