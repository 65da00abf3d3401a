using System.Text.Json.Serialization;

namespace Berth.Images.Registries;

/// <summary>A page of a repository's tags.</summary>
internal sealed class TagList
{
    [JsonPropertyName("tags")]
    public IReadOnlyList<string>? Tags { get; init; }
}
