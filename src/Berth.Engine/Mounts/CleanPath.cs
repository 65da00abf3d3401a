namespace Berth.Engine.Mounts;

/// <summary>Paths of text, as Go's path.Clean makes them. It looks at no file system, so it decides nothing about safety.</summary>
public static class CleanPath
{
    /// <summary>Without empty parts, "." and "..", which cannot climb over an absolute path's root.</summary>
    public static string Of(string path)
    {
        var parts = new List<string>();
        bool absolute = path.StartsWith('/');
        foreach (string part in path.Split('/'))
        {
            if (part.Length == 0 || part == ".")
            {
                continue;
            }

            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (!absolute)
            {
                parts.Add(part);
            }
        }

        string joined = string.Join('/', parts);
        return absolute ? "/" + joined : joined.Length == 0 ? "." : joined;
    }
}
