using Berth.Api;
using Berth.Daemon.Http;
using Berth.Daemon.Requests;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/{name}/history.</summary>
internal static class History
{
    public static Task HandleAsync(ApiCall call) => call.WriteAsync(call.Engine.Images.History(call.Name, PlatformText.Of(call)), ApiJson.Wire.IReadOnlyListImageHistoryResponseItem);
}
