using Berth.Api;
using Berth.Daemon.Http;

namespace Berth.Daemon.Endpoints.Host;

/// <summary>GET /version.</summary>
internal static class Version
{
    public static Task HandleAsync(ApiCall call) => call.WriteAsync(VersionFacts.Read(), ApiJson.Wire.SystemVersion);
}
