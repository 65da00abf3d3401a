namespace Berth.Daemon.Endpoints.Host;

/// <summary>os-release(5): what the host calls itself.</summary>
internal static class OsRelease
{
    private static readonly string[] Places = ["/etc/os-release", "/usr/lib/os-release"];

    /// <summary>The name for people and the version; both may be "Linux" and "" where the host does not say.</summary>
    public static (string Name, string Version) Read() => Parse(Places.FirstOrDefault(File.Exists) is string path ? File.ReadLines(path) : []);

    internal static (string Name, string Version) Parse(IEnumerable<string> lines)
    {
        string name = "Linux", version = "";
        foreach (string line in lines)
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                continue;
            }

            string value = line[(equals + 1)..].Trim('"', '\'');
            name = line[..equals] == "PRETTY_NAME" ? value : name;
            version = line[..equals] == "VERSION_ID" ? value : version;
        }

        return (name, version);
    }
}
