using System.Globalization;

using Berth.Cli.Json;
using Berth.Cli.Tables;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Containers;

/// <summary>What "ps" shows of a container.</summary>
internal static class ContainerRows
{
    public const string Usual = "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";

    private const int LongestCommand = 20;
    private const int LongestMount = 15;

    /// <param name="now">The moment ages are counted to.</param>
    /// <param name="whole">Nothing is cut.</param>
    public static RowKind<JsonObject> Kind(DateTimeOffset now, bool whole) => new("*formatter.ContainerContext",
    [
        new("ID", "CONTAINER ID", c => whole ? c.Text("Id") : Ids.Short(c.Text("Id"))),
        new("Names", "NAMES", c => Names(c, whole)),
        new("Image", "IMAGE", c => Image(c, whole)),
        new("Command", "COMMAND", c => GoString.Quote(whole ? c.Text("Command") : Ellipsis.Cut(c.Text("Command"), LongestCommand))),
        new("CreatedAt", "CREATED AT", c => GoTime.Long(Created(c))),
        new("RunningFor", "CREATED", c => $"{Units.Duration(now - Created(c))} ago"),
        new("Ports", "PORTS", c => PortList.Show(c.List("Ports"))),
        new("State", "STATE", c => c.Text("State")),
        new("Status", "STATUS", c => c.Text("Status")),
        new("Size", "SIZE", Size),
        new("Labels", "LABELS", c => Labels(c.Object("Labels"))),
        new("Mounts", "MOUNTS", c => string.Join(',', Mounts(c, whole))),
        new("LocalVolumes", "LOCAL VOLUMES", c => Count(c.List("Mounts").Count(m => m is JsonObject mount && mount.Text("Driver") == "local"))),
        new("Networks", "NETWORKS", c => string.Join(',', c.Object("NetworkSettings").Object("Networks").Members.Select(n => n.Key))),
        new("Platform", "PLATFORM", static c => null),
    ])
    {
        Label = static (c, name) => c.Object("Labels").Text(name),
    };

    /// <summary>As "system df -v" shows it: without what all containers of an image have in common.</summary>
    public static RowKind<JsonObject> ForUsage(DateTimeOffset now)
    {
        RowKind<JsonObject> kind = Kind(now, whole: false);
        return kind with { Fields = [.. kind.Fields.Where(static f => f.Name != "Size"), new("Size", "SIZE", static c => Units.Size(c.Int("SizeRw"), 3))] };
    }

    /// <summary>"a=b,c=d", by key.</summary>
    public static string Labels(JsonObject labels) =>
        string.Join(',', labels.Members.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Created(JsonObject container) => DateTimeOffset.FromUnixTimeSeconds(container.Int("Created"));

    // A name with a second slash is a link's: shown only in full.
    private static string Names(JsonObject container, bool whole)
    {
        IEnumerable<string> names = container.List("Names").Select(n => (n as string ?? "").TrimStart('/'));
        return string.Join(',', whole ? names : names.Where(n => !n.Contains('/', StringComparison.Ordinal)).Take(1));
    }

    private static string Image(JsonObject container, bool whole)
    {
        string image = container.Text("Image");
        if (image.Length == 0)
        {
            return "<no image>";
        }

        if (whole)
        {
            return image;
        }

        string id = Ids.Short(container.Text("ImageID"));
        int digest = image.IndexOf('@', StringComparison.Ordinal);
        return id == Ids.Short(image) ? id
            : digest > 0 && ImageName.Split(image[..digest]).Tag.Length > 0 ? image[..digest]
            : image;
    }

    private static string Size(JsonObject container)
    {
        string written = Units.Size(container.Int("SizeRw"), 3);
        long root = container.Int("SizeRootFs");
        return root > 0 ? $"{written} (virtual {Units.Size(root, 3)})" : written;
    }

    private static IEnumerable<string> Mounts(JsonObject container, bool whole) =>
        container.List("Mounts").OfType<JsonObject>()
            .Select(m => m.Text("Name") is { Length: > 0 } name ? name : m.Text("Source"))
            .Select(m => whole ? m : Ellipsis.Cut(m, LongestMount));
}
