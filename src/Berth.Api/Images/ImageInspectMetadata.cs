using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ImageInspectMetadata
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastTagTime { get; init; }
}
