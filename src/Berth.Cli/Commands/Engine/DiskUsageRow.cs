using System.Globalization;

using Berth.Cli.Json;
using Berth.Cli.Tables;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Engine;

/// <summary>One line of "system df".</summary>
/// <param name="Type">Images, Containers, Local Volumes or Build Cache.</param>
/// <param name="Total">How many.</param>
/// <param name="Active">How many of them are in use.</param>
/// <param name="Bytes">What they take.</param>
/// <param name="Free">Bytes that go with those not in use.</param>
internal sealed record DiskUsageRow(string Type, long Total, long Active, long Bytes, long Free)
{
    public const string Usual = "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";

    public static RowKind<DiskUsageRow> Kind { get; } = new("*formatter.diskUsageContext",
    [
        new("Active", "ACTIVE", static r => Text(r.Active)),
        new("Reclaimable", "RECLAIMABLE", static r => r.Reclaimable),
        new("Size", "SIZE", static r => r.Size),
        new("TotalCount", "TOTAL", static r => Text(r.Total)),
        new("Type", "TYPE", static r => r.Type),
    ]);

    public string Size => Units.Size(Bytes);

    private string Reclaimable =>
        Bytes > 0 && Type != "Build Cache" ? string.Create(CultureInfo.InvariantCulture, $"{Units.Size(Free)} ({Free * 100 / Bytes}%)") : Units.Size(Free);

    /// <summary>The lines of an answer: of sums (API 1.52 and later), or of lists that are added up here.</summary>
    public static IReadOnlyList<DiskUsageRow> Of(JsonObject answer) =>
    [
        Sums("Images", answer, "ImageUsage") ?? Images(answer),
        Sums("Containers", answer, "ContainerUsage") ?? Containers(answer),
        Sums("Local Volumes", answer, "VolumeUsage") ?? Volumes(answer),
        Sums("Build Cache", answer, "BuildCacheUsage") ?? Cache(answer),
    ];

    private static DiskUsageRow? Sums(string type, JsonObject answer, string member) => answer.TryObject(member, out JsonObject? sums)
        ? new DiskUsageRow(type, sums.Int("TotalCount"), sums.Int("ActiveCount"), sums.Int("TotalSize"), sums.Int("Reclaimable"))
        : null;

    private static DiskUsageRow Images(JsonObject answer)
    {
        List<JsonObject> all = Items(answer, "Images"), used = all.FindAll(static i => i.Int("Containers") > 0);
        long size = answer.Int("LayersSize");
        return new DiskUsageRow("Images", all.Count, used.Count, size, size - used.Sum(static i => i.Int("Size") - i.Int("SharedSize")));
    }

    private static DiskUsageRow Containers(JsonObject answer)
    {
        List<JsonObject> all = Items(answer, "Containers"), used = all.FindAll(static c => c.Text("State") is "running" or "paused" or "restarting");
        return new DiskUsageRow(
            "Containers", all.Count, used.Count, all.Sum(static c => c.Int("SizeRw")), all.Except(used).Sum(static c => c.Int("SizeRw")));
    }

    private static DiskUsageRow Volumes(JsonObject answer)
    {
        List<JsonObject> all = Items(answer, "Volumes"), used = all.FindAll(static v => v.Object("UsageData").Int("RefCount") > 0);
        return new DiskUsageRow("Local Volumes", all.Count, used.Count, all.Sum(Size), all.Except(used).Sum(Size));

        static long Size(JsonObject volume) => Math.Max(0, volume.Object("UsageData").Int("Size"));
    }

    private static DiskUsageRow Cache(JsonObject answer)
    {
        List<JsonObject> all = Items(answer, "BuildCache"), used = all.FindAll(static c => c.Is("InUse"));
        return new DiskUsageRow(
            "Build Cache", all.Count, used.Count, all.Where(static c => !c.Is("Shared")).Sum(static c => c.Int("Size")),
            all.Where(static c => !c.Is("InUse") && !c.Is("Shared")).Sum(static c => c.Int("Size")));
    }

    private static List<JsonObject> Items(JsonObject answer, string list) => [.. answer.List(list).OfType<JsonObject>()];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
