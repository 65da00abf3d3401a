using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ErrorResponse
{
    [JsonPropertyName("message")]
    public string? Message { get; init; }
}
