using Berth.Api;
using Berth.Engine.Links;

namespace Berth.Engine.Containers;

/// <summary>What changes in a container's life, beside its phase.</summary>
public sealed record ContainerStatus
{
    /// <summary>Of the last end, or of a start that failed.</summary>
    public int ExitCode { get; init; }

    public bool OomKilled { get; init; }

    /// <summary>Why the last start failed; empty otherwise.</summary>
    public string Error { get; init; } = "";

    /// <summary>Null: never.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>By the restart policy, since somebody last started it.</summary>
    public int RestartCount { get; init; }

    /// <summary>Somebody stopped it: the policies "unless-stopped" and, until the next daemon, "always" leave it alone.</summary>
    public bool StoppedByUser { get; init; }

    /// <summary>What it wants to be on each network, by the network's name. Null in rows of older daemons: <see cref="ContainerRecord.Networks"/>.</summary>
    public IReadOnlyDictionary<string, EndpointSettings>? Networks { get; init; }

    /// <summary>Its links on the default bridge; those on other networks are among <see cref="Networks"/>. Null: none.</summary>
    public IReadOnlyList<ContainerLink>? Links { get; init; }

    /// <summary>For the phase Dead and the next attempt: anonymous volumes go too.</summary>
    public bool RemoveVolumes { get; init; }
}
