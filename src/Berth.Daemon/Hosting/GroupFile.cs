using System.Globalization;

namespace Berth.Daemon.Hosting;

/// <summary>The host's /etc/group. Read by hand: getgrnam would load the name service's libraries.</summary>
internal static class GroupFile
{
    /// <summary>A group's number; null: there is none of that name, or no such file.</summary>
    public static uint? FindGid(string path, string name)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        foreach (string line in File.ReadLines(path))
        {
            string[] fields = line.Split(':');
            if (fields.Length >= 3 && fields[0] == name && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint gid))
            {
                return gid;
            }
        }

        return null;
    }
}
