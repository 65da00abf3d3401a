namespace Berth.Engine.Spec;

/// <summary>A line of passwd(5), as far as a container's user needs it.</summary>
public readonly record struct PasswdEntry(string Name, uint Uid, uint Gid, string Home);
