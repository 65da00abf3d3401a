using System.Text.Json.Serialization;

namespace Berth.Api;

/// <summary>A repository that a registry found.</summary>
public sealed record ImageSearchResponseItem
{
    [JsonPropertyName("star_count")]
    public long? StarCount { get; init; }

    [JsonPropertyName("is_official")]
    public bool? IsOfficial { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("is_automated")]
    public bool? IsAutomated { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }
}
