using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Tables;
using Berth.Cli.Templates;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth ps.</summary>
internal static class List
{
    public static Command Row { get; } = new("ps", "[OPTIONS]", "List containers")
    {
        Flags = static () =>
        [
            Flag.Bool("all", "Show all containers, not just running ones", 'a'),
            Flag.Filter("Show only those that fit, e.g. \"status=exited\""),
            Flag.Format(FormatHelp.Table),
            Flag.Int("last", "Show the n containers created last, whatever their state", 'n', "-1"),
            Flag.Bool("latest", "Show the container created last, whatever its state", 'l'),
            Flag.Bool("no-trunc", "Cut nothing"),
            Flag.Bool("quiet", "Show IDs alone", 'q'),
            Flag.Bool("size", "Show sizes", 's'),
        ],
        Group = CommandGroup.Common,
        Spellings = ["container ls", "container list", "container ps", "ps"],
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        Arguments given = call.Arguments;
        string format = given.Text("format");
        Try(format);
        bool size = given.Is("size") || (format.Contains(".Size", StringComparison.Ordinal) && !given.Given("size"));
        long last = given.Is("latest") && !given.Given("last") ? 1 : given.Int("last", -1);
        Query target = new Query("/containers/json").Flag("all", given.Is("all")).Flag("size", size)
            .Text("filters", ApiClient.Filters(given.All("filter")));
        if (last > 0)
        {
            target.Add("limit", last.ToString(CultureInfo.InvariantCulture));
        }

        bool whole = given.Is("no-trunc");
        string usual = given.Is("size") ? ContainerRows.Usual + "\t{{.Size}}" : ContainerRows.Usual;
        IEnumerable<JsonObject> containers = call.Api.List(target.ToString()).OfType<JsonObject>();
        call.Out.Write(Listing.Show(ContainerRows.Kind(call.Session.Now(), whole), containers, format, usual, given.Is("quiet") ? "{{.ID}}" : null));
        return 0;
    }

    // Docker tries the template before it asks, so a mistake shows even where there is nothing to list.
    private static void Try(string format)
    {
        string doing = "parse";
        try
        {
            Template template = Template.Parse(format == "json" ? "" : format);
            doing = "execute";
            template.Fill(new Row<JsonObject>(ContainerRows.Kind(DateTimeOffset.UnixEpoch, whole: true), JsonObject.Empty));
        }
        catch (TemplateException e)
        {
            throw new CliException($"failed to {doing} template: {e.Message}");
        }
    }
}
