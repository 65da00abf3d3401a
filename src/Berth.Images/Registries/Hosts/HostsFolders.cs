namespace Berth.Images.Registries.Hosts;

/// <summary>Finds the folder of a registry: HOST:PORT, or containerd's spelling HOST_PORT_, else _default.</summary>
/// <param name="roots">Where to look, the first first.</param>
internal sealed class HostsFolders(IReadOnlyList<string> roots)
{
    private const string Default = "_default";

    /// <summary>Null: nothing is said of the registry.</summary>
    public string? Find(string registry) => Candidates(registry).FirstOrDefault(Directory.Exists);

    /// <summary>One for the registry itself comes before one for all, wherever they lie.</summary>
    internal IEnumerable<string> Candidates(string registry)
    {
        string[] names = Spelled(registry) is { } other ? [other, registry] : [registry];
        return roots.SelectMany(root => names.Select(name => Path.Join(root, name))).Concat(roots.Select(root => Path.Join(root, Default)));
    }

    // containerd: for systems whose file names have no colon.
    private static string? Spelled(string registry)
    {
        string host = InsecureRegistries.HostOf(registry);
        int colon = registry.LastIndexOf(':');
        return colon > registry.LastIndexOf(']') ? $"{(registry.StartsWith('[') ? $"[{host}]" : host)}_{registry[(colon + 1)..]}_" : null;
    }
}
