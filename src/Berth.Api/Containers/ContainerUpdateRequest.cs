namespace Berth.Api;

/// <summary>POST /containers/{id}/update, as far as it is honoured. The members about ports are Berth's own.</summary>
public sealed record ContainerUpdateRequest
{
    /// <summary>The whole set of published ports, in place of what is there.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? PortBindings { get; init; }

    /// <summary>Ports to publish beside what is there.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? PortBindingsAdd { get; init; }

    /// <summary>Ports to publish no longer. An empty list stands for every binding of that container port, an empty member for any.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? PortBindingsRemove { get; init; }
}
