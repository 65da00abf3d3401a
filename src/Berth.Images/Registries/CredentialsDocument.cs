using System.Text.Json.Serialization;

namespace Berth.Images.Registries;

/// <summary>The JSON of X-Registry-Auth (Engine API, "Authentication").</summary>
internal sealed class CredentialsDocument
{
    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; init; }

    [JsonPropertyName("serveraddress")]
    public string? ServerAddress { get; init; }
}
