using Berth.Api;
using Berth.Engine.Mounts;

namespace Berth.Engine.Containers;

/// <summary>What a container is: written at create, and again by an update.</summary>
public sealed record ContainerDocument
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>"sha256:…", the config's digest.</summary>
    public required string ImageId { get; init; }

    /// <summary>Of image and request.</summary>
    public required ContainerConfig Config { get; init; }

    /// <summary>As asked for, checked, with defaults filled in.</summary>
    public required HostConfig HostConfig { get; init; }

    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    public string Os { get; init; } = "linux";
}
