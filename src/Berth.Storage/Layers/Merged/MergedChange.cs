using System.Text;

using Berth.Linux.Trees;

namespace Berth.Storage.Layers.Merged;

/// <summary>One path that a layer, or another image, has otherwise. Of a folder that is gone only the folder itself is told.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Path">Bytes, without a slash in front.</param>
/// <param name="Size">Of a file that is added or changed, in bytes; else 0.</param>
public sealed record MergedChange(TreeChangeKind Kind, byte[] Path, long Size)
{
    /// <summary>For people: with a slash in front; what is not UTF-8 is shown as a question mark.</summary>
    public string Shown => "/" + Encoding.UTF8.GetString(Path);
}
