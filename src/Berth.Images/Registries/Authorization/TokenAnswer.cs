using System.Text.Json.Serialization;

namespace Berth.Images.Registries.Authorization;

/// <summary>What a token server answers, by either protocol (distribution: docs/spec/auth/token.md, oauth.md).</summary>
internal sealed class TokenAnswer
{
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("expires_in")]
    public double? ExpiresIn { get; init; }
}
