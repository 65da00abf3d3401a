using Berth.Api;
using Berth.Daemon.Http;
using Berth.Engine.Images;
using Berth.Images.Lists;
using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /berth/manifest, an operation of our own: ?name=REFERENCE, &amp;insecure=1, and &amp;members=1 for the manifests of a list's members too.</summary>
internal static class Manifests
{
    public static async Task HandleAsync(ApiCall call)
    {
        string name = call.Query.Text("name") ?? throw EngineException.Invalid("the name of a manifest is wanted");
        FoundManifests found = await call.Engine.ManifestLists.FindAsync(
            ImageCatalog.Source(name, null), call.Query.Flag("insecure"), call.Query.Flag("members"), RegistryAuth.Of(call), call.Aborted).ConfigureAwait(false);
        var answer = new ManifestSearchResponse { IsList = found.IsList, Manifests = [.. found.Members.Select(Shape)] };
        await call.WriteAsync(answer, ApiJson.Wire.ManifestSearchResponse).ConfigureAwait(false);
    }

    private static ManifestEntry Shape(ListMember member) => new()
    {
        Ref = member.Name.ToString(),
        Descriptor = new OCIDescriptor { MediaType = member.Descriptor.MediaType, Digest = member.Descriptor.Digest, Size = member.Descriptor.Size, Platform = Shape(member.Descriptor.Platform!) },
        Raw = member.Bytes,
    };

    private static OCIPlatform Shape(Platform platform) =>
        new() { Architecture = platform.Architecture, Os = platform.Os, OsVersion = platform.OsVersion, OsFeatures = platform.OsFeatures, Variant = platform.Variant };
}
