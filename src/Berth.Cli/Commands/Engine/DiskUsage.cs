using Berth.Cli.CommandLine;
using Berth.Cli.Commands.Containers;
using Berth.Cli.Commands.Images;
using Berth.Cli.Commands.Volumes;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Tables;

namespace Berth.Cli.Commands.Engine;

/// <summary>berth system df: what images, containers and volumes take, and with -v each of them.</summary>
internal static class DiskUsage
{
    private const string ImageColumns = "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}";
    private const string ContainerColumns = "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}";
    private const string VolumeColumns = "{{.Name}}\t{{.Links}}\t{{.Size}}";
    private const string CacheHeadings = "CACHE ID   CACHE TYPE   SIZE      CREATED   LAST USED   USAGE     SHARED\n";

    public static Command Row { get; } = new("df", "[OPTIONS]", "Show what the engine keeps on the disk")
    {
        Flags = static () =>
        [
            Flag.Format(FormatHelp.Table),
            Flag.Bool("verbose", "Show each image, container and volume", 'v'),
        ],
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        bool verbose = call.Arguments.Is("verbose");
        string format = call.Arguments.Text("format");
        JsonObject answer = call.Api.Get(new Query("/system/df").Flag("verbose", verbose).ToString());
        if (verbose && format.Length > 0)
        {
            call.Out.Line(format == "json" ? JsonText.Compact(answer) : Documents.Fill(Documents.Parse(format), answer));
            return 0;
        }

        if (verbose)
        {
            Show(call, answer);
            return 0;
        }

        call.Out.Write(Listing.Show(DiskUsageRow.Kind, DiskUsageRow.Of(answer), format, DiskUsageRow.Usual, null));
        return 0;
    }

    private static void Show(Invocation call, JsonObject answer)
    {
        DateTimeOffset now = call.Session.Now();
        // One line an image here, under its first name.
        IEnumerable<ImageRow> images = Items(answer, "ImageUsage", "Images").Select(static i => ImageRow.Of(i, digests: false).First());
        call.Out.Write("Images space usage:\n\n");
        call.Out.Write(Listing.Show(ImageRows.Kind(now, whole: false), images, "", ImageColumns, null));
        call.Out.Write("\nContainers space usage:\n\n");
        call.Out.Write(Listing.Show(ContainerRows.ForUsage(now), Items(answer, "ContainerUsage", "Containers"), "", ContainerColumns, null));
        call.Out.Write("\nLocal Volumes space usage:\n\n");
        call.Out.Write(Listing.Show(VolumeCommands.Kind, Items(answer, "VolumeUsage", "Volumes"), "", VolumeColumns, null));

        // There is no build cache; Docker's own daemon has its table shown by Docker's own client.
        call.Out.Write($"\nBuild cache usage: {DiskUsageRow.Of(answer)[^1].Size}\n\n{CacheHeadings}");
    }

    private static IEnumerable<JsonObject> Items(JsonObject answer, string usage, string list) =>
        (answer.TryObject(usage, out JsonObject? sums) ? sums.List("Items") : answer.List(list)).OfType<JsonObject>();
}
