using System.Globalization;
using Berth.Storage;

namespace Berth.Daemon.Hosting;

/// <summary>Keeps a second daemon off a data root. The kernel drops the lock with the process, so a killed daemon leaves none.</summary>
internal sealed class DataRootLock : IDisposable
{
    private readonly FileStream _file;

    private DataRootLock(FileStream file) => _file = file;

    /// <exception cref="EngineException">Conflict: another daemon holds it.</exception>
    public static DataRootLock Take(DataRoot root)
    {
        Directory.CreateDirectory(root.Data);
        string path = root.LockFile;
        FileStream file;
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw EngineException.Conflict($"the data root {root.Data} is in use by another berthd{Owner(path)}; stop that one or choose another with --data-root");
        }

        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        return new DataRootLock(file);
    }

    public void Dispose() => _file.Dispose();

    // Only for the message; .NET's own lock would refuse to read the file, so the kernel's table is asked.
    private static string Owner(string path)
    {
        string wanted = Path.GetFullPath(path);
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            string name = Path.GetFileName(process);
            if (char.IsAsciiDigit(name[0]) && name != Environment.ProcessId.ToString(CultureInfo.InvariantCulture) && Holds(process, wanted))
            {
                return $" (pid {name})";
            }
        }

        return "";
    }

    private static bool Holds(string process, string path)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Join(process, "fd")).Any(fd => new FileInfo(fd).LinkTarget == path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // the process ended meanwhile
        }
    }
}
