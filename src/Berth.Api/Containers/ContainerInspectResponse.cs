using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ContainerInspectResponse
{
    public string? Id { get; init; }

    public string? Created { get; init; }

    public string? Path { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public ContainerState? State { get; init; }

    public string? Image { get; init; }

    public string? ResolvConfPath { get; init; }

    public string? HostnamePath { get; init; }

    public string? HostsPath { get; init; }

    public string? LogPath { get; init; }

    public string? Name { get; init; }

    public long? RestartCount { get; init; }

    public string? Driver { get; init; }

    public string? Platform { get; init; }

    public string? MountLabel { get; init; }

    public string? ProcessLabel { get; init; }

    public string? AppArmorProfile { get; init; }

    public IReadOnlyList<string>? ExecIDs { get; init; }

    public HostConfig? HostConfig { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DriverData? GraphDriver { get; init; }

    public IReadOnlyList<MountPoint>? Mounts { get; init; }

    public ContainerConfig? Config { get; init; }

    public NetworkSettings? NetworkSettings { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OCIDescriptor? ImageManifestDescriptor { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Storage? Storage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRootFs { get; init; }
}
