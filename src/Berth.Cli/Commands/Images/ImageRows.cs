using System.Globalization;

using Berth.Cli.Tables;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Images;

/// <summary>What "images" shows of an image.</summary>
internal static class ImageRows
{
    /// <summary>Go's zero time, the year 1, in Unix seconds: of an image without a time. 0 is a time, that of images built to be the same anywhere.</summary>
    private const long NoTime = -62135596800;

    private const string Age = "{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}";

    public const string Usual = "{{.Repository}}\t{{.Tag}}\t" + Age;

    public const string WithDigests = "{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t" + Age;

    public static RowKind<ImageRow> Kind(DateTimeOffset now, bool whole) => new("*formatter.imageContext",
    [
        new("Containers", "CONTAINERS", r => Known(r, "Containers", static n => n.ToString(CultureInfo.InvariantCulture))),
        new("CreatedAt", "CREATED AT", r => GoTime.Long(Created(r))),
        new("CreatedSince", "CREATED", r => r.Image.Int("Created") != NoTime ? $"{Units.Duration(now - Created(r))} ago" : ""),
        new("Digest", "DIGEST", r => r.Digest),
        new("ID", "IMAGE ID", r => whole ? r.Image.Text("Id") : Ids.Short(r.Image.Text("Id"))),
        new("Repository", "REPOSITORY", r => r.Repository),
        new("SharedSize", "SHARED SIZE", r => Known(r, "SharedSize", static n => Units.Size(n))),
        new("Size", "SIZE", r => Units.Size(r.Image.Int("Size"), 3)),
        new("Tag", "TAG", r => r.Tag),
        new("UniqueSize", "UNIQUE SIZE", r => r.Image.Int("Size") >= 0 && r.Image.Int("SharedSize") >= 0 ? Units.Size(r.Image.Int("Size") - r.Image.Int("SharedSize")) : "N/A"),
        new("VirtualSize", "SIZE", r => Units.Size(r.Image.Int("Size"))),
    ]);

    private static DateTimeOffset Created(ImageRow row) => DateTimeOffset.FromUnixTimeSeconds(row.Image.Int("Created"));

    // -1: nobody counted.
    private static string Known(ImageRow row, string member, Func<long, string> show) => row.Image.Int(member) is >= 0 and long number ? show(number) : "N/A";
}
