namespace Berth.Build.Dockerfile.Instructions;

/// <summary>Who may use a cache mount at once: all, each writer its own copy, one after the other.</summary>
public enum CacheSharing
{
    Shared,
    Private,
    Locked,
}
