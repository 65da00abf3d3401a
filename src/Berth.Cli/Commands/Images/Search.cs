using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Registries;
using Berth.Cli.Tables;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Images;

/// <summary>berth search.</summary>
internal static class Search
{
    private const int LongestDescription = 45;
    private const string Usual = "{{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}";

    public static Command Row { get; } = new("search", "[OPTIONS] TERM", "Search a registry for images (Docker Hub, or HOST/TERM)")
    {
        Flags = static () =>
        [
            Flag.Filter("Show only those that fit, e.g. \"is-official=true\", \"stars=3\""),
            Flag.Format(FormatHelp.Table),
            Flag.Int("limit", "At most so many results"),
            Flag.Bool("no-trunc", "Cut nothing"),
        ],
        Words = ArgumentRule.Exactly(1),
        Group = CommandGroup.Common,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        string term = call.Words[0];
        Query target = new Query("/images/search").Add("term", term).Text("limit", call.Arguments.Given("limit") ? call.Arguments.Int("limit").ToString(CultureInfo.InvariantCulture) : "")
            .Text("filters", ApiClient.Filters(call.Arguments.All("filter")));
        string headers = Logins.Of(call.Session).Find(ServerOf(term))?.ToHeader() ?? "";
        IEnumerable<JsonObject> found = JsonParser.ParseList(call.Api.Begin("GET", target.ToString(), headers: headers).Finish().ReadAll())
            .OfType<JsonObject>().OrderByDescending(static r => r.Int("star_count"));
        call.Out.Write(Listing.Show(Kind(call.Arguments.Is("no-trunc")), found, call.Arguments.Text("format"), Usual, null));
        return 0;
    }

    // "host:5000/term" asks that host, as an image's name would mean it.
    private static string ServerOf(string term)
    {
        int slash = term.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? "" : term[..slash];
        return RegistryServer.KeyOf(first.AsSpan().ContainsAny('.', ':') || first == "localhost" ? first : "");
    }

    private static RowKind<JsonObject> Kind(bool whole) => new("*formatter.SearchContext",
    [
        new("Description", "DESCRIPTION", r => Description(r.Text("description"), whole)),
        new("IsAutomated", "AUTOMATED", static r => r.Is("is_automated") ? "[OK]" : ""),
        new("IsOfficial", "OFFICIAL", static r => r.Is("is_official") ? "[OK]" : ""),
        new("Name", "NAME", static r => r.Text("name")),
        new("StarCount", "STARS", static r => r.Int("star_count").ToString(CultureInfo.InvariantCulture)),
    ]);

    private static string Description(string text, bool whole)
    {
        string line = text.Replace('\n', ' ').Replace('\r', ' ');
        return whole ? line : Ellipsis.Cut(line, LongestDescription);
    }
}
