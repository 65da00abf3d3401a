using Berth.Api;

namespace Berth.Engine.Containers;

/// <summary>Makes containers: request in, row out.</summary>
public sealed class ContainerCreation
{
    /// <param name="name">As asked for, without a leading slash; null makes one up.</param>
    /// <param name="request">The body of POST /containers/create.</param>
    /// <param name="platform">OS[/arch[/variant]] or null.</param>
    public Task<ContainerCreateResponse> CreateAsync(string? name, ContainerCreateRequest request, string? platform, CancellationToken cancel) =>
        throw new InvalidOperationException("not yet");
}
