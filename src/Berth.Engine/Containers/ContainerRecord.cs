using Berth.Api;

namespace Berth.Engine.Containers;

/// <summary>A container at one instant. Immutable: readers keep what its actor published and never wait.</summary>
public sealed record ContainerRecord
{
    public required ContainerDocument Document { get; init; }

    public required string Name { get; init; }

    public required Phase Phase { get; init; }

    public ContainerStatus Status { get; init; } = new();

    /// <summary>The first process in the host's pid namespace; 0 while none lives.</summary>
    public int Pid { get; init; }

    /// <summary>Field 22 of its /proc/PID/stat: tells it from a later process of the same number.</summary>
    public ulong PidStartTime { get; init; }

    /// <summary>How often it ended since this daemon knows it: a wait for the next end compares.</summary>
    public int Exits { get; init; }

    /// <summary>The networks it is to be on, by name, and as what. None: it shares another container's.</summary>
    public IReadOnlyDictionary<string, EndpointSettings> Networks => Status.Networks ?? FromMode();

    public string Id => Document.Id;

    public bool IsRunning => ContainerLifecycle.IsRunning(Phase);

    public bool AutoRemove => Document.HostConfig.AutoRemove == true;

    private Dictionary<string, EndpointSettings> FromMode()
    {
        string mode = Document.Config.NetworkDisabled == true ? "none" : Document.HostConfig.NetworkMode ?? "bridge";
        return JoinedNamespaces.Target(mode) is null ? new() { [mode] = new EndpointSettings { MacAddress = Document.Config.MacAddress } } : [];
    }
}
