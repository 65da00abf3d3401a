using System.Text.Json.Serialization;

namespace Berth.Api;

/// <summary>A login to a registry. Secret: no message shows it.</summary>
public sealed record AuthConfig
{
    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    /// <summary>Read by Docker, and used by nobody.</summary>
    [JsonPropertyName("email")]
    public string? Email { get; init; }

    /// <summary>Name and password in base64, in place of the two.</summary>
    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    [JsonPropertyName("serveraddress")]
    public string? ServerAddress { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; init; }

    public override string ToString() => nameof(AuthConfig);
}
