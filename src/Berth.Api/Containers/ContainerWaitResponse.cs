using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ContainerWaitResponse
{
    public long? StatusCode { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ContainerWaitExitError? Error { get; init; }
}
