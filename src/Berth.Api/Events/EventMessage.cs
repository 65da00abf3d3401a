using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record EventMessage
{
    public string? Type { get; init; }

    public string? Action { get; init; }

    public EventActor? Actor { get; init; }

    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    [JsonPropertyName("time")]
    public long? Time { get; init; }

    [JsonPropertyName("timeNano")]
    public long? TimeNano { get; init; }
}
