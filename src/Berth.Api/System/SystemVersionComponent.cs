using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record SystemVersionComponent
{
    public string? Name { get; init; }

    public string? Version { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Details { get; init; }
}
