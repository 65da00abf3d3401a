namespace Berth.Linux.Cgroups;

/// <summary>
/// Control groups by path, whatever hierarchies the host has. A path ("/berth/ID") is relative to each hierarchy's root as this process sees it.
/// Drivers: CgroupV1Driver (v1, and hybrid with a v2 tree beside it) and CgroupV2Driver; <see cref="CgroupHost"/> finds out which.
/// </summary>
public interface ICgroupDriver
{
    /// <summary>1, or 2 where every controller is on the unified hierarchy.</summary>
    int Version { get; }

    /// <summary>The v1 hierarchies, or the unified one alone.</summary>
    IReadOnlyList<CgroupHierarchy> Hierarchies { get; }

    /// <summary>Makes the folders in every hierarchy, parents included; those there already are taken as they are.</summary>
    ICgroup Create(string path);

    /// <summary>A cgroup made earlier. Nothing is touched: hierarchies where it is missing read as empty.</summary>
    ICgroup Open(string path);
}
