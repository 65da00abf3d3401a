namespace Berth.Linux.Trees;

/// <summary>What an upper folder makes of a path.</summary>
public enum TreeChangeKind
{
    Changed,
    Added,
    Deleted,
}
