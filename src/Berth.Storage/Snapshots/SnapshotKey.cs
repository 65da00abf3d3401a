namespace Berth.Storage.Snapshots;

/// <summary>Names an active snapshot: the id of the container (or build step) whose changes it holds.</summary>
public readonly record struct SnapshotKey(string Value)
{
    public override string ToString() => Value;
}
