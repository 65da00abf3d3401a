using System.Text;

using Berth.Cli.Json;

namespace Berth.Cli.Registries;

/// <summary>Credentials for one registry as the client keeps them. Never shown.</summary>
/// <param name="Server">The registry by its key in the configuration.</param>
/// <param name="Username">Empty where there is only a token.</param>
/// <param name="Password">Or empty.</param>
/// <param name="IdentityToken">In place of name and password.</param>
internal sealed record RegistryLogin(string Server, string Username, string Password, string IdentityToken)
{
    /// <summary>The user name that helpers keep identity tokens under.</summary>
    public const string TokenUser = "<token>";

    public string ToJson() => new JsonBuilder()
        .Text("username", Username).Text("password", Password).Text("identitytoken", IdentityToken.Length > 0 ? IdentityToken : null).Text("serveraddress", Server).Close();

    /// <summary>A header line for requests that reach a registry.</summary>
    public string ToHeader() => $"X-Registry-Auth: {Convert.ToBase64String(Encoding.UTF8.GetBytes(ToJson())).Replace('+', '-').Replace('/', '_')}\r\n";

    public override string ToString() => $"login to {Server}";
}
