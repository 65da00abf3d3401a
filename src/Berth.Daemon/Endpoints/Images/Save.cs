using System.Globalization;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Images.Archives;
using Berth.Storage;
using Berth.Storage.Snapshots;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/get?names=… and GET /images/{name}/get: an archive of images goes out. Our own since=IMAGE and have=CHAINID leave layers out.</summary>
internal static class Save
{
    /// <summary>Tells, where layers may be left out, how many were, and their bytes.</summary>
    private const string LeftOut = "Berth-Left-Out";

    public static Task HandleAllAsync(ApiCall call) => HandleAsync(call, call.Query.All("names"));

    public static Task HandleOneAsync(ApiCall call) => HandleAsync(call, [call.Name]);

    private static Task HandleAsync(ApiCall call, IReadOnlyList<string> names)
    {
        var request = new SaveRequest { Names = names, Platform = PlatformText.Of(call), Since = call.Query.All("since"), Have = [.. call.Query.All("have").Select(Chain)] };
        return call.Engine.Images.SaveAsync(request, archive =>
        {
            if (request.Since.Count + request.Have.Count > 0)
            {
                call.Http.Response.Headers[LeftOut] = string.Create(CultureInfo.InvariantCulture, $"{archive.LeftOut.Layers} {archive.LeftOut.Bytes}");
            }

            return ArchiveAnswer.WriteAsync(call, "application/x-tar", archive.Length, sink => archive.Write(sink, call.Aborted));
        });
    }

    private static ChainId Chain(string text) => Oci.Digests.Digest.TryParse(text, out Oci.Digests.Digest digest) ? new ChainId(digest) : throw EngineException.Invalid($"\"{text}\" in have is no chain ID");
}
