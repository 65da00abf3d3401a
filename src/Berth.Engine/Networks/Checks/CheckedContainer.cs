using Berth.Network;

namespace Berth.Engine.Networks.Checks;

/// <summary>A container as it was found.</summary>
internal sealed record CheckedContainer
{
    public required string Name { get; init; }

    /// <summary>"running", "paused", "exited" …</summary>
    public string State { get; init; } = "running";

    /// <summary>Tells network stacks apart: containers that share one have the same.</summary>
    public required string Stack { get; init; }

    /// <summary>Its stack is the host's.</summary>
    public bool InHost { get; init; }

    public IReadOnlyList<CheckedPlace> Places { get; init; } = [];

    /// <summary>The host's ports that lead to it.</summary>
    public IReadOnlyList<PublishedPort> Published { get; init; } = [];

    /// <summary>Ports its image or its creator names: what links open.</summary>
    public IReadOnlyList<CheckedPort> Exposed { get; init; } = [];
}
