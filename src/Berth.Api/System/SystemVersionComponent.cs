using System.Text.Json;

namespace Berth.Api;

public sealed record SystemVersionComponent
{
    public string? Name { get; init; }

    public string? Version { get; init; }

    public JsonElement? Details { get; init; }
}
