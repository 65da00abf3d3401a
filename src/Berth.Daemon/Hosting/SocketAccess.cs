using System.Net.Sockets;
using Berth.Linux.Files;
using Berth.Storage;

namespace Berth.Daemon.Hosting;

/// <summary>Who may connect to a socket: root and the group docker or berth. Whoever may is as good as root.</summary>
internal static class SocketAccess
{
    private const UnixFileMode GroupMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private static readonly string[] Groups = ["docker", "berth"];

    /// <summary>Makes room for a socket: a file left by a daemon that is gone is removed, one that somebody listens at is not.</summary>
    /// <exception cref="EngineException">Conflict: it is in use, or no socket at all.</exception>
    public static void Prepare(string path)
    {
        string folder = Path.GetDirectoryName(path) ?? "/";
        Directory.CreateDirectory(folder);
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw EngineException.Conflict($"cannot listen at {path}: {e.Message}; remove it or choose another with --socket");
        }

        throw EngineException.Conflict($"cannot listen at {path}: another process answers there; stop it or choose another with --socket");
    }

    /// <summary>Opens a bound socket to its group. Until then the umask it was bound under keeps others out.</summary>
    /// <returns>The group's name; null: there is none, so only root gets in.</returns>
    public static string? Grant(string path, string groupFile)
    {
        foreach (string name in Groups)
        {
            if (GroupFile.FindGid(groupFile, name) is uint gid)
            {
                Ownership.Change(path, 0, gid);
                File.SetUnixFileMode(path, GroupMode);
                return name;
            }
        }

        File.SetUnixFileMode(path, GroupMode);
        return null;
    }
}
