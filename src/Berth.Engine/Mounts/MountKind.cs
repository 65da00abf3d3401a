namespace Berth.Engine.Mounts;

/// <summary>What lies behind a mount of a container.</summary>
public enum MountKind
{
    Bind,
    Volume,
    Tmpfs,
}
