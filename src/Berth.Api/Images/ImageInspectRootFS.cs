using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ImageInspectRootFS
{
    public string? Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Layers { get; init; }
}
