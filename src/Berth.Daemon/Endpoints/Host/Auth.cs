using Berth.Api;
using Berth.Daemon.Http;
using Berth.Images.Registries;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Host;

/// <summary>POST /auth: whether a registry takes credentials.</summary>
internal static class Auth
{
    public static async Task HandleAsync(ApiCall call)
    {
        AuthConfig given = await JsonBody.ReadAsync(call, ApiJson.Wire.AuthConfig).ConfigureAwait(false) ?? throw EngineException.Invalid("no credentials were sent");
        var credentials = RegistryCredentials.Of(given.Username, given.Password, given.Auth, given.IdentityToken, given.RegistryToken, given.ServerAddress);
        LoginResult login = await call.Engine.Registries.LoginAsync(credentials, call.Aborted).ConfigureAwait(false);
        await call.WriteAsync(new AuthResponse { Status = "Login Succeeded", IdentityToken = login.IdentityToken ?? "" }, ApiJson.Wire.AuthResponse).ConfigureAwait(false);
    }
}
