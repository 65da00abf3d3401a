namespace Berth.Linux.Cgroups;

/// <summary>A host whose controllers are on v1 hierarchies; with a v2 tree beside them (hybrid), containers are in that too, for cgroup.kill.</summary>
public sealed class CgroupV1Driver(IReadOnlyList<CgroupHierarchy> hierarchies, CgroupHierarchy? unified) : ICgroupDriver
{
    public int Version => 1;

    public IReadOnlyList<CgroupHierarchy> Hierarchies => hierarchies;

    public ICgroup Create(string path)
    {
        var cgroup = new CgroupV1(path, hierarchies, unified);
        cgroup.Make();
        return cgroup;
    }

    public ICgroup Open(string path) => new CgroupV1(path, hierarchies, unified);
}
