namespace Berth.Engine.Containers;

/// <summary>Namespaces that a container takes from another one.</summary>
/// <param name="Paths">By type of the spec: "pid" → "/proc/7/ns/pid".</param>
/// <param name="NetworkOf">The id of the container whose network it shares.</param>
/// <param name="SharedMemory">The host path of a shared /dev/shm.</param>
internal sealed record JoinedNamespaces(IReadOnlyDictionary<string, string> Paths, string? NetworkOf, string? SharedMemory)
{
    /// <summary>The container that a mode "container:X" names, or null.</summary>
    public static string? Target(string? mode) => mode?.StartsWith("container:", StringComparison.Ordinal) == true ? mode["container:".Length..] : null;
}
