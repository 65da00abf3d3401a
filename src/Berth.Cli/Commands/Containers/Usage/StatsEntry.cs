using System.Globalization;

using Berth.Cli.Json;

namespace Berth.Cli.Commands.Containers.Usage;

/// <summary>What a container uses, worked out of one sample of the API as Docker's client does.</summary>
/// <param name="Container">What it was asked for by.</param>
internal sealed record StatsEntry(string Container)
{
    /// <summary>With a slash before it; empty: not known yet.</summary>
    public string Name { get; init; } = "";

    public string Id { get; init; } = "";

    /// <summary>Of one processor: two that are busy are 200.</summary>
    public double Cpu { get; init; }

    /// <summary>Bytes, without page cache that could be dropped at once.</summary>
    public double Memory { get; init; }

    public double MemoryLimit { get; init; }

    public double Received { get; init; }

    public double Sent { get; init; }

    public double Read { get; init; }

    public double Written { get; init; }

    public long Processes { get; init; }

    /// <summary>Nothing was heard for a while.</summary>
    public bool IsInvalid { get; init; }

    public double MemoryPercent => MemoryLimit > 0 ? Memory / MemoryLimit * 100 : 0;

    public static StatsEntry Of(string container, JsonObject sample)
    {
        JsonObject memory = sample.Object("memory_stats");
        IEnumerable<JsonObject> interfaces = sample.Object("networks").Members.Select(m => m.Value).OfType<JsonObject>();
        JsonObject[] transfers = [.. sample.Object("blkio_stats").List("io_service_bytes_recursive").OfType<JsonObject>()];
        return new StatsEntry(container)
        {
            Name = sample.Text("name"),
            Id = sample.Text("id"),
            Cpu = CpuOf(sample.Object("precpu_stats"), sample.Object("cpu_stats")),
            Memory = MemoryOf(memory),
            MemoryLimit = Number(memory, "limit"),
            Received = interfaces.Sum(i => Number(i, "rx_bytes")),
            Sent = interfaces.Sum(i => Number(i, "tx_bytes")),
            Read = Sum(transfers, 'r'),
            Written = Sum(transfers, 'w'),
            Processes = sample.Object("pids_stats").Int("current"),
        };
    }

    private static double CpuOf(JsonObject before, JsonObject now)
    {
        double own = Number(now.Object("cpu_usage"), "total_usage") - Number(before.Object("cpu_usage"), "total_usage");
        double all = Number(now, "system_cpu_usage") - Number(before, "system_cpu_usage"), processors = Number(now, "online_cpus");
        processors = processors == 0 ? now.Object("cpu_usage").List("percpu_usage").Count : processors;
        return own > 0 && all > 0 ? own / all * processors * 100 : 0;
    }

    // cgroup v1 has total_inactive_file, v2 inactive_file.
    private static double MemoryOf(JsonObject memory)
    {
        double used = Number(memory, "usage"), first = Number(memory.Object("stats"), "total_inactive_file"), second = Number(memory.Object("stats"), "inactive_file");
        bool isFirst = memory.Object("stats").TryGet("total_inactive_file", out _) && first < used;
        return isFirst ? used - first : second < used ? used - second : used;
    }

    private static double Sum(JsonObject[] transfers, char operation) =>
        transfers.Where(t => t.Text("op") is [var first, ..] && char.ToLower(first, CultureInfo.InvariantCulture) == operation).Sum(t => Number(t, "value"));

    private static double Number(JsonObject of, string name) => of[name] switch { long number => number, JsonNumber number => number.Value, _ => 0 };
}
