using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Images;

/// <summary>berth image tree: what each layer of an image adds to those below it.</summary>
internal static class LayerTree
{
    private const int LongestStep = 60;

    public static Command Row { get; } = new("tree", "[OPTIONS] IMAGE", "Show what each layer of an image adds")
    {
        Flags = static () =>
        [
            Flag.Bool("files", "Show each path that a layer adds (A), changes (C) or deletes (D)"),
            Flag.Format(FormatHelp.Plain),
            Flag.Bool("no-trunc", "Cut nothing"),
        ],
        Words = ArgumentRule.Exactly(1),
        Completes = Completes.Images,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        bool files = call.Arguments.Is("files"), whole = call.Arguments.Is("no-trunc");
        string format = call.Arguments.Text("format");
        JsonObject image = Ask(call, call.Words[0], files);
        if (format.Length > 0)
        {
            call.Out.Line(format == "json" ? JsonText.Compact(image) : Engine.Documents.Fill(Engine.Documents.Parse(format), image));
            return 0;
        }

        string id = image.Text("Id");
        IReadOnlyList<JsonObject> layers = [.. image.List("Layers").OfType<JsonObject>()];
        string names = string.Join(", ", image.List("RepoTags").OfType<string>());
        call.Out.Line($"{(names.Length > 0 ? names : ImageRow.None)}  {(whole ? id : Ids.Short(id))}  {Units.Size(image.Int("Size"), 3)}");
        for (int i = 0; i < layers.Count; i++)
        {
            bool isLast = i == layers.Count - 1;
            call.Out.Line($"{(isLast ? "└─" : "├─")} {Line(layers[i], whole)}");
            foreach (JsonObject change in layers[i].List("Changes").OfType<JsonObject>())
            {
                string size = change.Int("Size") > 0 ? $"  {Units.Size(change.Int("Size"), 3)}" : "";
                call.Out.Line($"{(isLast ? "  " : "│ ")}    {Difference.Line(change)}{size}");
            }
        }

        return 0;
    }

    /// <summary>Asks what the layers of an image are, the lowest first.</summary>
    public static JsonObject Ask(Invocation call, string image, bool changes)
    {
        using ApiResponse answer = Own.Open(call, new Query("/berth/image-layers").Add("name", image).Flag("changes", changes));
        return JsonParser.ParseObject(answer.ReadAll());
    }

    /// <summary>"48.5MB  3f2a1b4c5d6e  +6412 ~3 -1  in 2 images  RUN apt-get install".</summary>
    public static string Line(JsonObject layer, bool whole)
    {
        string id = layer.Text("DiffId"), step = string.Join(' ', layer.Text("CreatedBy").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        string shared = layer.Int("Images") > 1 ? string.Create(CultureInfo.InvariantCulture, $"  in {layer.Int("Images")} images") : "";
        string counts = string.Create(CultureInfo.InvariantCulture, $"+{layer.Int("Added")} ~{layer.Int("Changed")} -{layer.Int("Deleted")}");
        return $"{Units.Size(layer.Int("Size"), 3)}  {(whole ? id : Ids.Short(id))}  {counts}{shared}  {(whole ? step : Ellipsis.Cut(step, LongestStep))}".TrimEnd();
    }
}
