using Berth.Images.Registries;

namespace Berth.Daemon.Http;

/// <summary>The credentials that come with a request.</summary>
internal static class RegistryAuth
{
    /// <summary>Null: none.</summary>
    /// <exception cref="Storage.EngineException">Invalid: the header is no credentials.</exception>
    public static RegistryCredentials? Of(ApiCall call) => RegistryCredentials.FromHeader(call.Http.Request.Headers["X-Registry-Auth"]);
}
