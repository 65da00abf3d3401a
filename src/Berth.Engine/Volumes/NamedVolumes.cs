using Berth.Api;

namespace Berth.Engine.Volumes;

/// <summary>Volumes, named and anonymous.</summary>
public sealed class NamedVolumes
{
    /// <summary>Makes a volume; one that is there already is answered as it is.</summary>
    public Task<Volume> CreateAsync(VolumeCreateRequest request, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task<VolumeListResponse> ListAsync(Filters filters, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    public Task<Volume> InspectAsync(string name, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    /// <param name="name">Which.</param>
    /// <param name="force">No error where there is none.</param>
    public Task RemoveAsync(string name, bool force, CancellationToken cancel) => throw new InvalidOperationException("not yet");

    /// <summary>Removes those that no container uses: the anonymous ones, or with the filter all=true the named ones too.</summary>
    public Task<VolumePruneResult> PruneAsync(Filters filters, CancellationToken cancel) => throw new InvalidOperationException("not yet");
}
