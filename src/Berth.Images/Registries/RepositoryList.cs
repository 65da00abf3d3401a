using System.Text.Json.Serialization;

namespace Berth.Images.Registries;

/// <summary>A page of a registry's catalogue.</summary>
internal sealed class RepositoryList
{
    [JsonPropertyName("repositories")]
    public IReadOnlyList<string>? Repositories { get; init; }
}
