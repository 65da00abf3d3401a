using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ErrorDetail
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("code")]
    public long? Code { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }
}
