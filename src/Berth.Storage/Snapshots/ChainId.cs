using System.Text;

using Berth.Oci.Digests;

namespace Berth.Storage.Snapshots;

/// <summary>Names a committed snapshot: a stack of layers, by their diffIDs from the lowest (OCI image specification, config.md, "Layer ChainID").</summary>
public readonly record struct ChainId(Digest Digest)
{
    /// <summary>The chain one layer up.</summary>
    public static ChainId Of(ChainId? parent, Digest diffId) =>
        parent is { } below ? new(Digest.Of(Encoding.ASCII.GetBytes($"{below} {diffId}"))) : new(diffId);

    /// <summary>The chain of a whole stack; null for an empty one.</summary>
    public static ChainId? Of(IEnumerable<Digest> diffIds)
    {
        ChainId? chain = null;
        foreach (Digest diffId in diffIds)
        {
            chain = Of(chain, diffId);
        }

        return chain;
    }

    public static ChainId Parse(string text) => new(Digest.Parse(text));

    public override string ToString() => Digest.ToString();
}
