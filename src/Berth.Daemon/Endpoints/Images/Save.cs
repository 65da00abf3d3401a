using System.Globalization;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Images.Archives;
using Berth.Oci.Digests;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/get?names=… and GET /images/{name}/get: an archive of images goes out. Our own since=IMAGE and have=IMAGEID/COUNT leave layers out.</summary>
internal static class Save
{
    /// <summary>Tells, where layers may be left out, how many were, and their bytes.</summary>
    private const string LeftOut = "Berth-Left-Out";

    public static Task HandleAllAsync(ApiCall call) => HandleAsync(call, call.Query.All("names"));

    public static Task HandleOneAsync(ApiCall call) => HandleAsync(call, [call.Name]);

    private static Task HandleAsync(ApiCall call, IReadOnlyList<string> names)
    {
        var request = new SaveRequest
        {
            Names = names,
            Platform = PlatformText.Of(call),
            Since = call.Query.All("since"),
            Have = call.Query.All("have").Select(Have).DistinctBy(static h => h.Id).ToDictionary(static h => h.Id, static h => h.Count),
        };
        return call.Engine.Images.SaveAsync(request, archive =>
        {
            if (request.Since.Count + request.Have.Count > 0)
            {
                call.Http.Response.Headers[LeftOut] = string.Create(CultureInfo.InvariantCulture, $"{archive.LeftOut.Layers} {archive.LeftOut.Bytes}");
            }

            return ArchiveAnswer.WriteAsync(call, "application/x-tar", archive.Length, sink => archive.Write(sink, call.Aborted));
        });
    }

    private static (Digest Id, int Count) Have(string text) =>
        text.Split('/') is [string id, string count] && Digest.TryParse(id, out Digest digest) && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int layers)
            ? (digest, layers)
            : throw EngineException.Invalid($"\"{text}\" in have is not IMAGEID/COUNT");
}
