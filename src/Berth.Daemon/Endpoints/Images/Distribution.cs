using Berth.Api;
using Berth.Daemon.Http;
using Berth.Engine.Images;
using Berth.Images.Registries;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /distribution/{name}/json: what a registry has, without fetching it.</summary>
internal static class Distribution
{
    public static async Task HandleAsync(ApiCall call)
    {
        DistributionInfo found = await call.Engine.Registries.InspectAsync(ImageCatalog.Source(call.Name, null), RegistryAuth.Of(call), call.Aborted).ConfigureAwait(false);
        var answer = new DistributionInspect
        {
            Descriptor = new OCIDescriptor { MediaType = found.Descriptor.MediaType, Digest = found.Descriptor.Digest, Size = found.Descriptor.Size },
            Platforms = [.. found.Platforms.Select(static p => new OCIPlatform { Architecture = p.Architecture, Os = p.Os, OsVersion = p.OsVersion, OsFeatures = p.OsFeatures, Variant = p.Variant })],
        };
        await call.WriteAsync(answer, ApiJson.Wire.DistributionInspect).ConfigureAwait(false);
    }
}
