namespace Berth.Engine.Containers;

/// <summary>Namespaces that a container takes from another one.</summary>
/// <param name="Paths">By type of the spec: "pid" → "/proc/7/ns/pid".</param>
/// <param name="NetworkOf">The id of the container whose network it shares.</param>
/// <param name="SharedMemory">The host path of a shared /dev/shm.</param>
internal sealed record JoinedNamespaces(IReadOnlyDictionary<string, string> Paths, string? NetworkOf, string? SharedMemory)
{
    /// <summary>The container that a mode "container:X" names, or null.</summary>
    public static string? Target(string? mode) => mode?.StartsWith("container:", StringComparison.Ordinal) == true ? mode["container:".Length..] : null;

    /// <summary>The container whose network stack another has: mostly its own.</summary>
    public static ContainerRecord NetworkOwner(ContainerRecord record, ContainerRegistry registry)
    {
        // Each target was there before the one that names it, so the chain ends; a name that has moved on since could close it.
        HashSet<string> seen = [record.Id];
        while (Target(record.Document.HostConfig.NetworkMode) is { } target && registry.TryFind(target) is { } joined && seen.Add(joined.Record.Id))
        {
            record = joined.Record;
        }

        return record;
    }
}
