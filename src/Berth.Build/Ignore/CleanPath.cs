namespace Berth.Build.Ignore;

/// <summary>The shortest path that means the same, by text alone (Go's path.Clean).</summary>
internal static class CleanPath
{
    public static string Of(string path)
    {
        bool isRooted = path.StartsWith('/');
        var kept = new List<string>();
        foreach (string part in path.Split('/'))
        {
            bool canGoUp = kept.Count > 0 && kept[^1] != "..";
            if (part == ".." && canGoUp)
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (part is not ("" or ".") && !(part == ".." && isRooted))
            {
                kept.Add(part);
            }
        }

        string joined = string.Join('/', kept);
        return isRooted ? "/" + joined : joined.Length == 0 ? "." : joined;
    }
}
