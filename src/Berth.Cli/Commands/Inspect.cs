using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Templates;

namespace Berth.Cli.Commands;

/// <summary>berth inspect, and the inspect of each kind of object.</summary>
internal static class Inspect
{
    private static readonly (string Type, Func<string, Arguments, string> Path)[] Kinds =
    [
        ("container", static (name, given) => new Query($"/containers/{Query.Segment(name)}/json").Flag("size", given.Is("size")).ToString()),
        ("image", static (name, given) => new Query($"/images/{Query.Path(name)}/json").Text("platform", given.Text("platform")).ToString()),
        ("network", static (name, given) => new Query($"/networks/{Query.Segment(name)}").Flag("verbose", given.Is("verbose")).ToString()),
        ("volume", static (name, _) => $"/volumes/{Query.Segment(name)}"),
    ];

    public static Command Row { get; } = new("inspect", "[OPTIONS] NAME|ID [NAME|ID...]", "Show everything about containers, images, networks or volumes")
    {
        Flags = static () =>
        [
            FormatFlag,
            Flag.Bool("size", "Show sizes of containers", 's'),
            Flag.Text("type", "Look only among objects of this type") with { Choices = ["container", "image", "network", "volume"] },
        ],
        Words = ArgumentRule.AtLeast(1),
        Completes = Completes.Containers,
        Run = static call => Execute(call, call.Arguments.Text("type")),
    };

    private static Flag FormatFlag => Flag.Format(FormatHelp.Plain, 'f');

    /// <summary>"container inspect" and its like.</summary>
    public static Command Of(string type, string word, Completes completes) =>
        new("inspect", $"[OPTIONS] {word} [{word}...]", $"Show everything about {type}s")
        {
            Flags = () => type switch
            {
                "container" => [FormatFlag, Flag.Bool("size", "Show sizes", 's')],
                "image" => [FormatFlag, Flag.Text("platform", "Platform of the image, where it has several")],
                "network" => [FormatFlag, Flag.Bool("verbose", "Show more, for finding faults", 'v')],
                _ => [FormatFlag],
            },
            Words = ArgumentRule.AtLeast(1),
            Completes = completes,
            Run = call => Execute(call, type),
        };

    private static int Execute(Invocation call, string type)
    {
        if (type.Length > 0 && !Array.Exists(Kinds, k => k.Type == type))
        {
            throw new CliException($"unknown type: \"{type}\": must be one of \"{string.Join("\", \"", Kinds.Select(k => k.Type))}\"");
        }

        string format = call.Arguments.Text("format");
        Template? template = format.Length == 0 || format == "json" ? null : Parse(format);
        var errors = new List<string>();
        var found = new JsonList();
        var lines = new List<string>();
        foreach (string name in call.Words)
        {
            try
            {
                JsonObject item = Find(call, name, type);
                if (template is null)
                {
                    found.Add(item);
                }
                else
                {
                    lines.Add(template.Fill(GoShape.Mark(item)));
                }
            }
            catch (TemplateException e)
            {
                errors.Add($"template parsing error: {e.Message}");
            }
            catch (Exception e) when (e is ApiException or CliException)
            {
                errors.Add(e.Message);
            }
        }

        call.Out.Line(template is not null ? string.Join('\n', lines)
            : found.Count == 0 ? "[]"
            : format == "json" ? JsonText.Compact(found)
            : JsonText.Indented(found));
        call.Out.Flush();
        return errors.Count == 0 ? 0 : throw new CliException(string.Join('\n', errors));
    }

    private static Template Parse(string format)
    {
        try
        {
            return Template.Parse(format);
        }
        catch (TemplateException e)
        {
            throw new CliException($"template parsing error: {e.Message}", 64);
        }
    }

    private static JsonObject Find(Invocation call, string name, string type)
    {
        bool size = call.Arguments.Is("size");
        foreach ((string kind, Func<string, Arguments, string> path) in Kinds)
        {
            if (type.Length > 0 && kind != type)
            {
                continue;
            }

            try
            {
                JsonObject item = call.Api.Get(path(name, call.Arguments));
                if (size && kind != "container")
                {
                    call.Err.Line($"WARNING: --size ignored for {kind}");
                }

                return item;
            }
            catch (ApiException e) when (type.Length > 0)
            {
                throw kind switch
                {
                    "container" => WrongKind.Explain(call, name, e),
                    "image" => WrongKind.ExplainImage(call, name, e),
                    _ => e,
                };
            }
            catch (ApiException e) when (e.Status == 404 || e.Answer.Contains("invalid reference format", StringComparison.Ordinal) || e.Answer.Contains("not supported", StringComparison.Ordinal))
            {
                // Not one of these; it may be one of the next kind.
            }
        }

        throw new CliException($"Error: No such object: {name}");
    }
}
