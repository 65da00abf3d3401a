using System.Text.Json;
using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Images.Provenance;
using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/{name}/attestations.</summary>
internal static class Attestations
{
    public static Task HandleAsync(ApiCall call)
    {
        IReadOnlyList<string> platforms = call.Query.All("platform");
        if (platforms.Count > 1)
        {
            throw EngineException.Invalid("only one platform value is currently supported");
        }

        Platform? platform = PlatformText.Of(call);
        IReadOnlyList<string> types = [.. call.Query.All("type").Select(static t => t.Trim()).Where(static t => t.Length > 0)];
        IReadOnlyList<Attestation> found = call.Engine.Attestations.List(call.Name, platform, types, call.Query.Flag("statement"));
        return call.WriteAsync<IReadOnlyList<AttestationStatement>>([.. found.Select(Shape)], ApiJson.Wire.IReadOnlyListAttestationStatement);
    }

    private static AttestationStatement Shape(Attestation one) => new()
    {
        Descriptor = new OCIDescriptor { MediaType = one.Descriptor.MediaType, Digest = one.Descriptor.Digest, Size = one.Descriptor.Size, Annotations = one.Descriptor.Annotations },
        PredicateType = one.PredicateType,
        Statement = one.Statement is null ? null : JsonElement.Parse(one.Statement),
    };
}
