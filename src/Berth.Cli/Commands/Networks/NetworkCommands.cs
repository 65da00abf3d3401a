using Berth.Cli.CommandLine;
using Berth.Cli.Commands.Containers;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Tables;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Networks;

/// <summary>berth network ls.</summary>
internal static class NetworkCommands
{
    public static Command List { get; } = new("ls", "[OPTIONS]", "List networks")
    {
        Aliases = ["list"],
        Flags = static () =>
        [
            Flag.Filter("Show only those that fit, e.g. \"driver=bridge\""),
            Flag.Format(FormatHelp.Table),
            Flag.Bool("no-trunc", "Cut nothing"),
            Flag.Bool("quiet", "Show IDs alone", 'q'),
        ],
        Spellings = ["network ls", "network list"],
        Run = static call =>
        {
            IEnumerable<JsonObject> networks = call.Api.List(new Query("/networks").Text("filters", ApiClient.Filters(call.Arguments.All("filter"))).ToString())
                .OfType<JsonObject>().OrderBy(n => n.Text("Name"), NaturalOrder.Comparer);
            RowKind<JsonObject> kind = Kind(call.Arguments.Is("no-trunc"));
            call.Out.Write(Listing.Show(kind, networks, call.Arguments.Text("format"), "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}", call.Arguments.Is("quiet") ? "{{.ID}}" : null));
            return 0;
        },
    };

    private static RowKind<JsonObject> Kind(bool whole) => new("*network.networkContext",
    [
        new("CreatedAt", "CREATED AT", static n => GoTime.Long(n.Text("Created"))),
        new("Driver", "DRIVER", static n => n.Text("Driver")),
        new("ID", "NETWORK ID", n => whole ? n.Text("Id") : Ids.Short(n.Text("Id"))),
        new("IPv4", "IPV4", static n => n.Is("EnableIPv4") ? "true" : "false"),
        new("IPv6", "IPV6", static n => n.Is("EnableIPv6") ? "true" : "false"),
        new("Internal", "INTERNAL", static n => n.Is("Internal") ? "true" : "false"),
        new("Labels", "LABELS", static n => ContainerRows.Labels(n.Object("Labels"))),
        new("Name", "NAME", static n => n.Text("Name")),
        new("Scope", "SCOPE", static n => n.Text("Scope")),
    ])
    {
        Label = static (n, name) => n.Object("Labels").Text(name),
    };
}
