using Berth.Linux.Trees;

namespace Berth.Storage.Layers.Merged;

/// <summary>A file or folder of a stack of layers, as a container would see it.</summary>
/// <param name="name">Its bytes as Latin-1, so that names of any encoding can be keys, in the order of their bytes.</param>
internal sealed class MergedEntry(string name)
{
    public string Name => name;

    public TreeStat Stat { get; set; }

    /// <summary>The number of the layer that it comes from, the lowest being 0.</summary>
    public int Layer { get; set; }

    /// <summary>Null: it is no folder.</summary>
    public Dictionary<string, MergedEntry>? Children { get; set; }

    /// <summary>While a layer is laid over: what lay below an opaque folder and has not come again.</summary>
    public Dictionary<string, MergedEntry>? Hidden { get; set; }

    /// <summary>What is in it, by name; nothing where it is no folder.</summary>
    public IEnumerable<MergedEntry> Ordered() => Children is null ? [] : Children.Values.OrderBy(static c => c.Name, StringComparer.Ordinal);
}
