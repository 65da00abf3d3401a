using Berth.Api;
using Berth.Daemon.Http;
using Berth.Engine.Images;
using Berth.Images.Lists;
using Berth.Images.Push;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /berth/manifest-push, an operation of our own: writes a list of manifests to a registry. Progress goes out as with a push; the last line is the list's digest.</summary>
internal static class ManifestPush
{
    public static async Task HandleAsync(ApiCall call)
    {
        ManifestPushRequest given = await JsonBody.ReadAsync(call, ApiJson.Wire.ManifestPushRequest).ConfigureAwait(false) ?? throw EngineException.Invalid("no list of manifests was sent");
        var request = new ManifestListRequest
        {
            Name = Parse(given.Name),
            IsInsecure = given.Insecure ?? false,
            Members = [.. (given.Manifests ?? []).Select(Member)],
            Credentials = RegistryAuth.Of(call),
        };
        await ProgressStream.SendAsync<PushStep>(call, steps => call.Engine.ManifestLists.PushAsync(request, steps, call.Aborted), Push.Messages).ConfigureAwait(false);
    }

    private static ListMember Member(ManifestEntry entry)
    {
        OCIPlatform? platform = entry.Descriptor?.Platform;
        var descriptor = new Descriptor
        {
            MediaType = entry.Descriptor?.MediaType ?? "",
            Digest = entry.Descriptor?.Digest ?? "",
            Size = entry.Descriptor?.Size ?? 0,
            Platform = new Platform
            {
                Architecture = platform?.Architecture ?? "", Os = platform?.Os ?? "", OsVersion = platform?.OsVersion, OsFeatures = platform?.OsFeatures, Variant = platform?.Variant,
            },
        };
        return new ListMember(Parse(entry.Ref), descriptor, null);
    }

    private static ImageReference Parse(string? name) => ImageCatalog.Source(name ?? throw EngineException.Invalid("a manifest without a name was sent"), null);
}
