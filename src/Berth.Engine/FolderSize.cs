namespace Berth.Engine;

/// <summary>How much a folder holds.</summary>
internal static class FolderSize
{
    /// <summary>Bytes of the regular files below it, as Docker counts; what goes away meanwhile counts nothing.</summary>
    public static long Of(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        long size = 0;
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", all))
        {
            try
            {
                size += file.Length;
            }
            catch (FileNotFoundException)
            {
                // removed by its container
            }
        }

        return size;
    }
}
