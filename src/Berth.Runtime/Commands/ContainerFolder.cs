using System.Text.Json;

using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Commands;

/// <summary>
/// A container's folder below the runtime's root: <c>state.json</c> (ContainerRecord), <c>config.json</c> (the spec as it was at create),
/// <c>start.sock</c> (the gate that the first process waits at).
/// </summary>
internal sealed class ContainerFolder(RuntimeContext context, string id)
{
    private const int LongestSpec = 16 << 20;

    public string Path { get; } = $"{context.Root}/{Checked(id)}";

    public string Gate => $"{Path}/start.sock";

    public string Id => id;

    /// <summary>Makes it; refuses an id that is in use.</summary>
    public unsafe void Make()
    {
        Directory.CreateDirectory(context.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        fixed (byte* name = CString.Of(Path))
        {
            if (Libc.mkdir(name, 0x1C0) < 0)
            {
                LinuxException failure = LinuxException.Last("mkdir", Path);
                throw failure.Errno == Errno.EEXIST ? new CommandException($"container with given ID already exists: {id}") : failure;
            }
        }
    }

    public void Remove() => Directory.Delete(Path, recursive: true);

    /// <summary>The record, or null where there is no such container.</summary>
    public ContainerRecord? TryRead()
    {
        try
        {
            return ContainerRecord.Read(SmallFile.ReadBytes($"{Path}/state.json", LongestSpec));
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
    }

    public ContainerRecord Read() => TryRead() ?? throw new CommandException($"container does not exist: {id}");

    public RuntimeSpec ReadSpec() => ReadSpec($"{Path}/config.json");

    public void Write(ContainerRecord record) =>
        WholeFile.Replace($"{Path}/state.json", record.ToBytes(), 0x180, durable: false);

    /// <summary>Keeps the spec: the bundle may change or go while the container lives.</summary>
    public void KeepSpec(string bundle)
    {
        WholeFile.Replace($"{Path}/config.json", SmallFile.ReadBytes($"{bundle}/config.json", LongestSpec), 0x180, durable: false);
    }

    /// <summary>creating, created, running, paused or stopped.</summary>
    public static string Status(ContainerRecord record)
    {
        if (!IsAlive(record))
        {
            return "stopped";
        }

        return !record.Started ? "created" : CgroupOf(record).IsFrozen ? "paused" : "running";
    }

    public static bool IsAlive(ContainerRecord record) =>
        ProcessStat.TryRead(record.Pid) is { } stat && stat.StartTime == record.PidStartTime && stat.State is not ('Z' or 'X');

    public static ICgroup CgroupOf(ContainerRecord record) => CgroupHost.Detect().Open(record.Cgroup);

    /// <summary>Reads a config.json.</summary>
    public static RuntimeSpec ReadSpec(string path)
    {
        try
        {
            return RuntimeReader.Spec(SmallFile.ReadBytes(path, LongestSpec));
        }
        catch (JsonException e)
        {
            throw new CommandException($"{path} is malformed: {e.Message}");
        }
    }

    // Ids are names of folders.
    private static string Checked(string id)
    {
        bool good = id.Length is > 0 and <= 1024 && id is not ("." or "..");
        foreach (char c in id)
        {
            good &= char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-' or '.';
        }

        return good ? id : throw new CommandException($"invalid container id \"{id}\": letters, digits and _ + - . are allowed");
    }
}
