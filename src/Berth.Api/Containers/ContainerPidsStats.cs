using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ContainerPidsStats
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonPropertyName("current")]
    public ulong Current { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonPropertyName("limit")]
    public ulong Limit { get; init; }
}
