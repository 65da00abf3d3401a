using Berth.Daemon.Http;
using Berth.Daemon.Requests;
using Berth.Images.Archives;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/get?names=… and GET /images/{name}/get: an archive of images goes out.</summary>
internal static class Save
{
    public static Task HandleAllAsync(ApiCall call) => HandleAsync(call, call.Query.All("names"));

    public static Task HandleOneAsync(ApiCall call) => HandleAsync(call, [call.Name]);

    private static Task HandleAsync(ApiCall call, IReadOnlyList<string> names)
    {
        var request = new SaveRequest { Names = names, Platform = PlatformText.Of(call), Since = call.Query.All("since") };
        return call.Engine.Images.SaveAsync(
            request, archive => ArchiveAnswer.WriteAsync(call, "application/x-tar", archive.Length, sink => archive.Write(sink, call.Aborted)));
    }
}
