using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Tables;

namespace Berth.Cli.Commands.Images;

/// <summary>berth images, in the classic form: a line for every name, &lt;none&gt; for what has none, the id in the third column.</summary>
internal static class List
{
    public static Command Row { get; } = new("images", "[OPTIONS] [REPOSITORY[:TAG]]", "List images")
    {
        Flags = static () =>
        [
            Flag.Bool("all", "Show intermediate images too", 'a'),
            Flag.Bool("digests", "Show digests"),
            Flag.Filter("Show only those that fit, e.g. \"dangling=true\""),
            Flag.Format(FormatHelp.Table),
            Flag.Bool("no-trunc", "Cut nothing"),
            Flag.Bool("quiet", "Show IDs alone", 'q'),
        ],
        Words = ArgumentRule.AtMost(1),
        Group = CommandGroup.Common,
        Spellings = ["image ls", "image list", "images"],
        Completes = Completes.Images,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        Arguments given = call.Arguments;
        IEnumerable<string> filters = given.All("filter").Concat(call.Words.Select(w => $"reference={w}"));
        IEnumerable<JsonObject> images = call.Api.List(new Query("/images/json").Flag("all", given.Is("all")).Text("filters", ApiClient.Filters(filters)).ToString()).OfType<JsonObject>();
        string format = given.Text("format");
        bool digests = given.Is("digests") || format.Contains(".Digest", StringComparison.Ordinal);
        IEnumerable<ImageRow> rows = images.SelectMany(i => ImageRow.Of(i, digests));
        string usual = given.Is("digests") ? ImageRows.WithDigests : ImageRows.Usual;
        call.Out.Write(Listing.Show(ImageRows.Kind(call.Session.Now(), given.Is("no-trunc")), rows, format, usual, given.Is("quiet") ? "{{.ID}}" : null));
        return 0;
    }
}
