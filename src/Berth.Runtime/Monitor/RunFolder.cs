using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Memory;
using Berth.Oci.Monitor;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Monitor;

/// <summary>The container's folder below the run root, and the records that the monitor reads and writes. Paths outside it come from the request.</summary>
internal sealed unsafe class RunFolder(string path)
{
    private const int LargestSpec = 8 * 1024 * 1024;

    public string Path => path;

    public MonitorRequest ReadRequest() => Read($"{path}/monitor.json", MonitorReader.Request);

    public RuntimeSpec ReadSpec() => Read($"{path}/config.json", RuntimeReader.Spec);

    /// <summary>
    /// Locks the request until the answer is disposed of, so that a daemon that comes up in the middle of a start can wait for how it ends.
    /// A folder that such a daemon has given up is refused: nobody would know of the container.
    /// </summary>
    public FileDescriptor Claim()
    {
        string file = $"{path}/monitor.json";
        FileDescriptor claimed = FileDescriptor.Open(file, Libc.O_RDONLY);
        if (FileLock.TryTake(claimed, file))
        {
            using FileDescriptor again = FileDescriptor.Open(file, Libc.O_RDONLY); // ENOENT: removed between open and lock
            return claimed;
        }

        claimed.Dispose();
        throw new LinuxException("flock", $"{file}, which another monitor or a daemon that gives it up holds", Errno.EAGAIN);
    }

    /// <summary>Removes what an earlier run of this container may have left, so that nobody takes its end for this one's.</summary>
    public static void RemoveStale(MonitorRequest request)
    {
        WholeFile.Remove(request.StatePath);
        WholeFile.Remove(request.ExitPath);
    }

    /// <summary>Removes what says that the container runs: last, after its end is on disk.</summary>
    public static void RemoveLive(MonitorRequest request)
    {
        WholeFile.Remove(request.Socket);
        WholeFile.Remove(request.StatePath);
    }

    // Below /run, which does not survive a power cut anyhow.
    public static void WriteState(MonitorRequest request, MonitorState state) =>
        WholeFile.Replace(request.StatePath, MonitorWriter.Bytes(state), 0x180, durable: false);

    /// <summary>False when it could not be written (a full disk); watchers are told all the same.</summary>
    public static bool TryWriteExit(MonitorRequest request, ContainerExit exit) =>
        TryReplace(request.ExitPath, MonitorWriter.Bytes(exit), request.Durable);

    public static bool TryWriteExecExit(MonitorRequest request, ExecExit exit)
    {
        fixed (byte* folder = CString.Of(request.ExecFolder))
        {
            _ = Libc.mkdir(folder, 0x1C0); // EEXIST from the second on; any other failure is the write's too
        }

        return TryReplace($"{request.ExecFolder}/{exit.Id}.json", MonitorWriter.Bytes(exit), durable: false);
    }

    private static bool TryReplace(string file, byte[] json, bool durable)
    {
        try
        {
            WholeFile.Replace(file, json, 0x180, durable);
            return true;
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    private delegate T Parser<out T>(ReadOnlySpan<byte> text);

    private static T Read<T>(string file, Parser<T> parse)
    {
        using PageBuffer pages = WholeFile.Read(file, LargestSpec, out int length);
        return parse(pages.Bytes[..length]);
    }
}
