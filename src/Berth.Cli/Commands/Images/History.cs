using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Tables;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Images;

/// <summary>berth history: the steps an image was built by, the last one first.</summary>
internal static class History
{
    private const int LongestCommand = 45;

    private const string Usual = "{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";

    private const string UsualLayers = "{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Added}}\t{{.Changed}}\t{{.Deleted}}\t{{.Images}}";

    public static Command Row { get; } = new("history", "[OPTIONS] IMAGE", "Show the steps an image was built by")
    {
        Flags = static () =>
        [
            Flag.Format(FormatHelp.Table),
            Flag.Bool("human", "Show sizes and times for people", 'H') with { Default = "true" },
            Flag.Bool("layers", "Show the layers instead, and how much each adds, changes and deletes"),
            Flag.Bool("no-trunc", "Cut nothing"),
            Flag.Text("platform", "Show this platform of it (e.g., \"linux/amd64\")"),
            Flag.Bool("quiet", "Show IDs alone", 'q'),
        ],
        Words = ArgumentRule.Exactly(1),
        Spellings = ["image history", "history"],
        Completes = Completes.Images,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        Arguments given = call.Arguments;
        try
        {
            if (given.Is("layers"))
            {
                RowKind<JsonObject> layers = LayerKind(call.Session.Now(), given.Is("no-trunc"), given.Is("human", true));
                IEnumerable<JsonObject> all = LayerTree.Ask(call, call.Words[0], changes: false).List("Layers").OfType<JsonObject>().Reverse();
                call.Out.Write(Listing.Show(layers, all, given.Text("format"), UsualLayers, given.Is("quiet") ? "{{.ID}}" : null));
                return 0;
            }

            IEnumerable<JsonObject> steps = call.Api.List(new Query($"/images/{Query.Path(call.Words[0])}/history").Text("platform", given.Text("platform")).ToString())
                .OfType<JsonObject>();
            RowKind<JsonObject> kind = Kind(call.Session.Now(), given.Is("no-trunc"), given.Is("human", true));
            call.Out.Write(Listing.Show(kind, steps, given.Text("format"), Usual, given.Is("quiet") ? "{{.ID}}" : null));
            return 0;
        }
        catch (ApiException e)
        {
            throw WrongKind.ExplainImage(call, call.Words[0], e);
        }
    }

    private static RowKind<JsonObject> Kind(DateTimeOffset now, bool whole, bool human) => new("*image.historyContext",
    [
        new("Comment", "COMMENT", s => s.Text("Comment")),
        new("CreatedAt", "CREATED AT", s => Created(s).ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture)),
        new("CreatedBy", "CREATED BY", s => Command(s.Text("CreatedBy"), whole)),
        new("CreatedSince", "CREATED", s => s.Int("Created") <= 0 ? "N/A" : human ? $"{Units.Duration(now - Created(s))} ago" : Created(s).ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture)),
        new("ID", "IMAGE", s => whole ? s.Text("Id") : Ids.Short(s.Text("Id"))),
        new("Size", "SIZE", s => human ? Units.Size(s.Int("Size"), 3) : s.Int("Size").ToString(CultureInfo.InvariantCulture)),
    ]);

    // As of steps, but of layers, with what they add.
    private static RowKind<JsonObject> LayerKind(DateTimeOffset now, bool whole, bool human) => new("*image.layerContext",
    [
        .. Kind(now, whole, human).Fields.Where(static f => f.Name is not "ID"),
        new("ID", "LAYER", l => whole ? l.Text("DiffId") : Ids.Short(l.Text("DiffId"))),
        .. ((string[])["Added", "Changed", "Deleted", "Images"]).Select(static name =>
            new RowField<JsonObject>(name, name.ToUpperInvariant(), l => l.Int(name).ToString(CultureInfo.InvariantCulture))),
    ]);

    private static DateTimeOffset Created(JsonObject step) => DateTimeOffset.FromUnixTimeSeconds(step.Int("Created")).ToLocalTime();

    private static string Command(string text, bool whole)
    {
        string line = text.Replace('\t', ' ');
        return whole ? line : Ellipsis.Cut(line, LongestCommand);
    }
}
