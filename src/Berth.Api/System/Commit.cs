using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record Commit
{
    public string? ID { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Expected { get; init; }
}
