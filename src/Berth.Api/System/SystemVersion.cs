using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record SystemVersion
{
    public SystemVersionPlatform? Platform { get; init; }

    public IReadOnlyList<SystemVersionComponent>? Components { get; init; }

    public string? Version { get; init; }

    public string? ApiVersion { get; init; }

    public string? MinAPIVersion { get; init; }

    public string? GitCommit { get; init; }

    public string? GoVersion { get; init; }

    public string? Os { get; init; }

    public string? Arch { get; init; }

    public string? KernelVersion { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BuildTime { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Experimental { get; init; }
}
