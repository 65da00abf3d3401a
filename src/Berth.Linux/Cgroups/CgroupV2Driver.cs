namespace Berth.Linux.Cgroups;

/// <summary>A host with the unified hierarchy alone. Documentation/admin-guide/cgroup-v2.rst.</summary>
public sealed class CgroupV2Driver(CgroupHierarchy unified) : ICgroupDriver
{
    public int Version => 2;

    public IReadOnlyList<CgroupHierarchy> Hierarchies { get; } = [unified];

    public ICgroup Create(string path)
    {
        var cgroup = new CgroupV2(path, unified);
        cgroup.Make();
        return cgroup;
    }

    public ICgroup Open(string path) => new CgroupV2(path, unified);
}
