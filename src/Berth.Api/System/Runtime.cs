using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record Runtime
{
    [JsonPropertyName("path")]
    public string? Path { get; init; }

    [JsonPropertyName("runtimeArgs")]
    public IReadOnlyList<string>? RuntimeArgs { get; init; }

    [JsonPropertyName("status")]
    public IReadOnlyDictionary<string, string>? Status { get; init; }
}
