using System.Globalization;

using Berth.Cli.Tables;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Containers.Usage;

/// <summary>What "stats" shows of a container.</summary>
internal static class StatsRows
{
    public const string Usual = "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}";

    private const string Unknown = "--";

    /// <param name="whole">Nothing is cut.</param>
    public static RowKind<StatsEntry> Kind(bool whole) => new("*container.statsContext",
    [
        new("Container", "CONTAINER", s => s.Container),
        new("Name", "NAME", s => s.Name.Length > 1 ? s.Name[1..] : Unknown),
        new("ID", "CONTAINER ID", s => whole ? s.Id : Ids.Short(s.Id)),
        new("CPUPerc", "CPU %", s => Known(s, Percent(s.Cpu))),
        new("MemUsage", "MEM USAGE / LIMIT", s => s.IsInvalid ? $"{Unknown} / {Unknown}" : $"{Units.BinarySize(s.Memory)} / {Units.BinarySize(s.MemoryLimit)}"),
        new("MemPerc", "MEM %", s => Known(s, Percent(s.MemoryPercent))),
        new("NetIO", "NET I/O", s => Known(s, $"{Units.Size(s.Received, 3)} / {Units.Size(s.Sent, 3)}")),
        new("BlockIO", "BLOCK I/O", s => Known(s, $"{Units.Size(s.Read, 3)} / {Units.Size(s.Written, 3)}")),
        new("PIDs", "PIDS", s => Known(s, s.Processes.ToString(CultureInfo.InvariantCulture))),
    ]);

    private static string Known(StatsEntry entry, string text) => entry.IsInvalid ? Unknown : text;

    private static string Percent(double value) => value.ToString("F2", CultureInfo.InvariantCulture) + "%";
}
