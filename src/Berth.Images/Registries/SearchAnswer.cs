using System.Text.Json.Serialization;

namespace Berth.Images.Registries;

/// <summary>What GET /v1/search answers.</summary>
internal sealed class SearchAnswer
{
    [JsonPropertyName("results")]
    public IReadOnlyList<SearchResult>? Results { get; init; }
}
