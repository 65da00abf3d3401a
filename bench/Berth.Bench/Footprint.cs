using System.Globalization;

namespace Berth.Bench;

/// <summary>What containers and daemons cost when nothing happens: memory, disk, resident size.</summary>
internal static class Footprint
{
    private const int Sleepers = 400;

    /// <summary>Megabytes by which MemAvailable falls a running container, and kilobytes of disk a container.</summary>
    public static (double Megabytes, double Kilobytes) OfContainers(Engine engine)
    {
        Settle();
        long memory = Available();
        long disk = engine.DiskBytes();
        for (int i = 0; i < Sleepers; i++)
        {
            Command.Output(engine.Client, engine.With("run", "-d", "busybox", "sleep", "100000"));
        }

        Settle();
        double megabytes = (memory - Available()) / 1024.0 / Sleepers;
        double kilobytes = (engine.DiskBytes() - disk) / 1024.0 / Sleepers;
        engine.RemoveAll();
        return (megabytes, kilobytes);
    }

    /// <summary>Milliseconds of a start with so many containers running, beside the same without them.</summary>
    public static (double First, double OneMore) OneMore(Engine engine, int running, int rounds)
    {
        double Start() => Command.Time(engine.Client, engine.With("run", "--rm", "busybox", "true"));
        var first = new Series("first");
        var more = new Series("one more");
        Start();
        for (int i = 0; i < rounds; i++)
        {
            first.Add(Start());
        }

        for (int i = 0; i < running; i++)
        {
            Command.Output(engine.Client, engine.With("run", "-d", "busybox", "sleep", "100000"));
        }

        Start();
        for (int i = 0; i < rounds; i++)
        {
            more.Add(Start());
        }

        engine.RemoveAll();
        return (first.Median, more.Median);
    }

    /// <summary>Writes back and drops what is cached, so that MemAvailable speaks of processes and kernel objects.</summary>
    public static void Settle()
    {
        Command.Output("sync");
        File.WriteAllText("/proc/sys/vm/drop_caches", "3");
        Command.Output("sleep", "1");
    }

    /// <summary>Kilobytes of memory that programs could still have.</summary>
    public static long Available() =>
        long.Parse(File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal))[13..^2].Trim(), CultureInfo.InvariantCulture);
}
