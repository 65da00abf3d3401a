using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ProgressDetail
{
    [JsonPropertyName("current")]
    public long? Current { get; init; }

    [JsonPropertyName("total")]
    public long? Total { get; init; }
}
