using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record PortSummary
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IP { get; init; }

    public long? PrivatePort { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PublicPort { get; init; }

    public string? Type { get; init; }
}
