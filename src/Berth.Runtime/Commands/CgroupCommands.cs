using System.Globalization;
using System.Text.Json;

using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Oci.Runtime;
using Berth.Runtime.Init;

namespace Berth.Runtime.Commands;

/// <summary>`pause`, `resume`, `update` and `ps`: what a container's cgroup does by itself.</summary>
internal static class CgroupCommands
{
    public static int Pause(RuntimeContext context, IReadOnlyList<string> args)
    {
        ContainerRecord record = new ContainerFolder(context, CommandOptions.Parse(args).Id()).Read();
        string status = ContainerFolder.Status(record);
        if (status is not ("running" or "created"))
        {
            throw new CommandException($"cannot pause a container that is {status}");
        }

        ContainerFolder.CgroupOf(record).SetFrozen(true);
        return 0;
    }

    public static int Resume(RuntimeContext context, IReadOnlyList<string> args)
    {
        ContainerRecord record = new ContainerFolder(context, CommandOptions.Parse(args).Id()).Read();
        ICgroup cgroup = ContainerFolder.CgroupOf(record);
        if (!cgroup.IsFrozen)
        {
            throw new CommandException($"cannot resume a container that is {ContainerFolder.Status(record)}");
        }

        cgroup.SetFrozen(false);
        return 0;
    }

    public static int Update(RuntimeContext context, IReadOnlyList<string> args)
    {
        CommandOptions options = CommandOptions.Parse(
            args, "r=resources", "blkio-weight", "cpu-period", "cpu-quota", "cpu-burst", "cpu-share", "cpu-rt-period", "cpu-rt-runtime", "cpuset-cpus",
            "cpuset-mems", "memory", "memory-reservation", "memory-swap", "pids-limit", "cpu-idle");
        ContainerRecord record = new ContainerFolder(context, options.Id()).Read();
        ContainerFolder.CgroupOf(record).Apply(options.Value("resources") is { } file ? CgroupSpec.Convert(Read(file)) : FromOptions(options));
        return 0;
    }

    public static int Ps(RuntimeContext context, IReadOnlyList<string> args)
    {
        CommandOptions options = CommandOptions.Parse(args, "f=format");
        ContainerRecord record = new ContainerFolder(context, options.Id()).Read();
        List<int> pids = [.. ContainerFolder.CgroupOf(record).Processes()];
        if (options.Value("format") == "json")
        {
            Print.Line($"[{string.Join(',', pids)}]");
            return 0;
        }

        Print.Line("PID       COMMAND");
        foreach (int pid in pids)
        {
            string command = (SmallFile.TryRead($"/proc/{pid}/cmdline") ?? "").TrimEnd('\0').Replace('\0', ' ');
            Print.Line(string.Create(CultureInfo.InvariantCulture, $"{pid,-10}{(command.Length > 0 ? command : $"[{SmallFile.TryRead($"/proc/{pid}/comm")?.Trim()}]")}"));
        }

        return 0;
    }

    private static Resources Read(string file)
    {
        try
        {
            return RuntimeReader.Resources(file == "-" ? ReadInput() : SmallFile.ReadBytes(file, 1 << 20));
        }
        catch (JsonException e)
        {
            throw new CommandException($"{file} is malformed: {e.Message}");
        }
    }

    private static byte[] ReadInput()
    {
        byte[] buffer = new byte[1 << 20];
        int length = 0, n;
        while (length < buffer.Length && (n = StandardStream.Input.Read(buffer.AsSpan(length))) > 0)
        {
            length += n;
        }

        return buffer[..length];
    }

    private static CgroupResources FromOptions(CommandOptions options) => new()
    {
        BlkioWeight = (ushort?)Integer(options, "blkio-weight"),
        CpuPeriod = (ulong?)Integer(options, "cpu-period"),
        CpuQuota = Integer(options, "cpu-quota"),
        CpuBurst = (ulong?)Integer(options, "cpu-burst"),
        CpuShares = (ulong?)Integer(options, "cpu-share"),
        CpuRealtimePeriod = (ulong?)Integer(options, "cpu-rt-period"),
        CpuRealtimeRuntime = Integer(options, "cpu-rt-runtime"),
        CpuIdle = Integer(options, "cpu-idle"),
        CpusetCpus = options.Value("cpuset-cpus"),
        CpusetMems = options.Value("cpuset-mems"),
        MemoryLimit = Integer(options, "memory"),
        MemoryReservation = Integer(options, "memory-reservation"),
        MemorySwap = Integer(options, "memory-swap"),
        PidsLimit = Integer(options, "pids-limit"),
    };

    private static long? Integer(CommandOptions options, string name) => options.Value(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : throw new CommandException($"option --{name}: \"{text}\" is no number");
}
