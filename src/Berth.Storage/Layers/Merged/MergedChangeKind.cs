namespace Berth.Storage.Layers.Merged;

/// <summary>What became of a path.</summary>
public enum MergedChangeKind
{
    Changed,
    Added,
    Deleted,
}
