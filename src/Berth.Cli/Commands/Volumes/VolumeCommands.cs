using Berth.Cli.CommandLine;
using Berth.Cli.Commands.Containers;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Specs;
using Berth.Cli.Tables;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Volumes;

/// <summary>berth volume create, ls and rm.</summary>
internal static class VolumeCommands
{
    // Options for volumes of a whole cluster, which this engine has not.
    private static readonly string[] ClusterOnly =
        ["availability", "group", "limit-bytes", "required-bytes", "scope", "secret", "sharing", "topology-preferred", "topology-required", "type"];

    public static RowKind<JsonObject> Kind { get; } = new("*formatter.volumeContext",
    [
        new("Availability", "AVAILABILITY", static _ => "N/A"),
        new("Driver", "DRIVER", static v => v.Text("Driver")),
        new("Group", "GROUP", static _ => "N/A"),
        new("Labels", "LABELS", static v => ContainerRows.Labels(v.Object("Labels"))),
        new("Links", "LINKS", static v => v.TryObject("UsageData", out JsonObject? usage) ? usage.Int("RefCount").ToString(System.Globalization.CultureInfo.InvariantCulture) : "N/A"),
        new("Mountpoint", "MOUNTPOINT", static v => v.Text("Mountpoint")),
        new("Name", "VOLUME NAME", static v => v.Text("Name")),
        new("Scope", "SCOPE", static v => v.Text("Scope")),
        new("Size", "SIZE", static v => v.TryObject("UsageData", out JsonObject? usage) ? Units.Size(usage.Int("Size")) : "N/A"),
        new("Status", "STATUS", static _ => "N/A"),
    ])
    {
        Label = static (v, name) => v.Object("Labels").Text(name),
    };

    public static Command Create { get; } = new("create", "[OPTIONS] [VOLUME]", "Make a volume")
    {
        Flags = static () =>
        [
            Flag.Text("driver", "Driver of the volume", 'd', "\"local\""),
            Flag.List("label", "Set labels on the volume", check: KeyValue.CheckLabel),
            Flag.List("opt", "Options of the driver", 'o', valueName: "map") with { Default = "map[]" },
            Flag.Text("name", "Name of the volume") with { Hidden = true },
            .. ClusterOnly.Select(static n => Flag.Text(n, "") with { Hidden = true }),
        ],
        Words = ArgumentRule.AtMost(1),
        Run = RunCreate,
    };

    public static Command List { get; } = new("ls", "[OPTIONS]", "List volumes")
    {
        Aliases = ["list"],
        Flags = static () =>
        [
            Flag.Filter("Show only those that fit, e.g. \"dangling=true\""),
            Flag.Format(FormatHelp.Table),
            Flag.Bool("quiet", "Show names alone", 'q'),
        ],
        Spellings = ["volume ls", "volume list"],
        Run = static call =>
        {
            JsonObject answer = call.Api.Get(new Query("/volumes").Text("filters", ApiClient.Filters(call.Arguments.All("filter"))).ToString());
            IEnumerable<JsonObject> volumes = answer.List("Volumes").OfType<JsonObject>().OrderBy(v => v.Text("Name"), NaturalOrder.Comparer);
            call.Out.Write(Listing.Show(Kind, volumes, call.Arguments.Text("format"), "{{.Driver}}\t{{.Name}}", call.Arguments.Is("quiet") ? "{{.Name}}" : null));
            return 0;
        },
    };

    public static Command Remove { get; } = new("rm", "[OPTIONS] VOLUME [VOLUME...]", "Remove volumes")
    {
        Aliases = ["remove"],
        Flags = static () => [Flag.Bool("force", "Say nothing of those that are not there", 'f')],
        Words = ArgumentRule.AtLeast(1),
        Spellings = ["volume rm", "volume remove"],
        Completes = Completes.Volumes,
        Run = static call => call.Each(call.Words, name => call.Api.Do("DELETE", new Query($"/volumes/{Query.Segment(name)}").Flag("force", call.Arguments.Is("force")).ToString())),
    };

    private static int RunCreate(Invocation call)
    {
        Arguments given = call.Arguments;
        if (Array.Find(ClusterOnly, given.Given) is string cluster)
        {
            throw new CliException($"cannot create the volume with --{cluster}: cluster volumes are not there");
        }

        if (given.Given("name") && call.Words.Count > 0)
        {
            throw new CliException("conflicting options: cannot specify a volume-name through both --name and as a positional arg");
        }

        var json = new JsonBuilder().Text("Name", call.Words.Count > 0 ? call.Words[0] : given.Text("name")).Text("Driver", given.Text("driver", "local"));
        json.Map("DriverOpts", given.Given("opt") ? KeyValue.ToMap(given.All("opt")) : null).Map("Labels", given.Given("label") ? KeyValue.ToMap(given.All("label")) : null);
        call.Out.Line(call.Api.Object("POST", "/volumes/create", json.Close()).Text("Name"));
        return 0;
    }
}
