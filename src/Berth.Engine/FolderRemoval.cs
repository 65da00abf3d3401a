using Berth.Storage;

namespace Berth.Engine;

/// <summary>Removes folders of the data root: renamed into the trash first, so that half a folder is never taken for a whole one.</summary>
internal static class FolderRemoval
{
    /// <param name="root">Where the trash is.</param>
    /// <param name="folder">None there: nothing to do.</param>
    /// <param name="name">Its name in the trash.</param>
    public static void Remove(DataRoot root, string folder, string name)
    {
        string trashed = root.Trashed(name);
        try
        {
            Directory.Move(folder, trashed);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        Directory.Delete(trashed, recursive: true);
    }
}
