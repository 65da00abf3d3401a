using System.Text.Json.Serialization;

namespace Berth.Api;

/// <summary>The aux object of a push: what a tag means in its registry now.</summary>
public sealed record PushResult
{
    [JsonPropertyName("Tag")]
    public string Tag { get; init; } = "";

    [JsonPropertyName("Digest")]
    public string Digest { get; init; } = "";

    [JsonPropertyName("Size")]
    public long Size { get; init; }
}
