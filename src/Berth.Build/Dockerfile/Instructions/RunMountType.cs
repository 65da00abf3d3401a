namespace Berth.Build.Dockerfile.Instructions;

/// <summary>RUN --mount=type=…</summary>
public enum RunMountType
{
    Bind,
    Cache,
    Tmpfs,
    Secret,
    Ssh,
}
