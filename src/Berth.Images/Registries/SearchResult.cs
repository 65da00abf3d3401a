using System.Text.Json.Serialization;

namespace Berth.Images.Registries;

/// <summary>A repository that a registry found.</summary>
public sealed record SearchResult
{
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("description")]
    public string? Description { get; init; }

    [JsonPropertyName("star_count")]
    public int Stars { get; init; }

    [JsonPropertyName("is_official")]
    public bool IsOfficial { get; init; }

    [JsonPropertyName("is_automated")]
    public bool IsAutomated { get; init; }
}
