namespace Berth.Storage.Leases;

/// <summary>What a lease can keep; the names stand in the table lease_refs.</summary>
public enum LeasedKind
{
    Blob,
    Chain,
    Snapshot,
    Image,
}
