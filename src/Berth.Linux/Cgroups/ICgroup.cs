namespace Berth.Linux.Cgroups;

/// <summary>One control group in all hierarchies at once. Holds no descriptors.</summary>
public interface ICgroup
{
    string Path { get; }

    /// <summary>Writes limits; members that are null are left as they are. A limit that the host has no controller for is an error that names it.</summary>
    void Apply(CgroupResources resources);

    /// <summary>Descriptors by which a process enters.</summary>
    CgroupEntry OpenEntry();

    /// <summary>Pids of all processes below, in this process's pid namespace.</summary>
    IReadOnlyList<int> Processes();

    /// <summary>Stops or continues all processes and returns when it is done.</summary>
    void SetFrozen(bool frozen);

    bool IsFrozen { get; }

    /// <summary>What was used until now. Readable until <see cref="Remove"/>.</summary>
    CgroupUsage Usage();

    /// <summary>As <see cref="Usage"/>, with all there is. One that is gone reads as zeroes.</summary>
    CgroupStatistics Statistics();

    /// <summary>Sends SIGKILL to every process, also to ones being forked and to frozen ones.</summary>
    void Kill();

    /// <summary>Removes the folders, after a kill of what is left inside and its end. One that is gone is no error.</summary>
    void Remove();
}
