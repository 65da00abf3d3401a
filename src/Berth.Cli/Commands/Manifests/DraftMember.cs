using System.Text;
using System.Text.Json;

using Berth.Cli.Json;
using Berth.Oci.Images;
using Berth.Oci.Json;
using Berth.Oci.References;

using JsonText = Berth.Cli.Json.JsonText;

namespace Berth.Cli.Commands.Manifests;

/// <summary>A manifest as drafts of lists hold it, and as Docker's client shows it: its name, its descriptor, its bytes, and what these say.</summary>
internal sealed class DraftMember
{
    private const string Docker = "SchemaV2Manifest", Oci = "OCIManifest";

    private readonly JsonObject document;

    private DraftMember(JsonObject document, string text) => (this.document, Text) = (document, text);

    /// <summary>The JSON of a draft's file.</summary>
    public string Text { get; }

    /// <summary>Its whole name.</summary>
    public string Name => document.Text("Ref");

    /// <summary>Clients before Docker 28 kept no bytes.</summary>
    public bool HasBytes => document.Text("Raw").Length > 0;

    /// <summary>Type, digest, size and platform.</summary>
    public Descriptor Descriptor => new()
    {
        MediaType = Own.Text("mediaType"),
        Digest = Own.Text("digest"),
        Size = Own.Int("size"),
        Platform = Own.TryObject("platform", out JsonObject? platform)
            ? new Platform
            {
                Architecture = platform.Text("architecture"),
                Os = platform.Text("os"),
                OsVersion = platform.Text("os.version"),
                OsFeatures = [.. platform.List("os.features").OfType<string>()],
                Variant = platform.Text("variant"),
            }
            : null,
    };

    /// <summary>The descriptor as JSON.</summary>
    public JsonObject Own => document.Object("Descriptor");

    /// <summary>Reads a draft's file.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static DraftMember Read(byte[] file)
    {
        JsonObject document = JsonParser.ParseObject(file);
        return ImageReference.TryParse(document.Text("Ref"), out _) && document.Object("Descriptor").Text("digest").Length > 0
            ? new DraftMember(document, Encoding.UTF8.GetString(file).Trim())
            : throw new JsonException("it names no manifest and its descriptor, as old clients wrote it");
    }

    /// <summary>Takes one of the engine's answers; its bytes may be missing.</summary>
    public static DraftMember Of(JsonObject entry)
    {
        var document = new JsonObject().Add("Ref", entry.Text("Ref")).Add("Descriptor", entry["Descriptor"]);
        string text = JsonText.ForHtml(document);
        if (entry.Text("Raw") is not { Length: > 0 } raw)
        {
            return new DraftMember(document, text);
        }

        document.Add("Raw", raw);
        string? kind = entry.Object("Descriptor").Text("mediaType") switch { MediaTypes.Manifest => Oci, MediaTypes.DockerManifest => Docker, _ => null };
        string said = kind is null ? "" : $",\"{kind}\":{JsonLayout.Compact(Encoding.UTF8.GetString(Convert.FromBase64String(raw)))}"; // none of a list in a list
        return new DraftMember(document, $"{text[..^1]},\"Raw\":\"{raw}\"{said}}}");
    }

    /// <summary>The manifest alone, a member a line.</summary>
    /// <param name="asReceived">As its bytes have it, else as the draft has it: with escapes where HTML would take characters for markup.</param>
    /// <exception cref="CliException">The draft has none.</exception>
    public string Manifest(bool asReceived)
    {
        if (asReceived)
        {
            return JsonLayout.Indent(Encoding.UTF8.GetString(Convert.FromBase64String(document.Text("Raw"))), "\t");
        }

        object manifest = document[Oci] ?? document[Docker] ?? throw new CliException($"{Name} has no payload");
        return JsonLayout.Indent(JsonText.ForHtml(manifest), "\t");
    }

    /// <summary>The same for another platform.</summary>
    public DraftMember For(Platform platform)
    {
        var shown = new JsonObject().Add("architecture", platform.Architecture).Add("os", platform.Os);
        Add(shown, "os.version", platform.OsVersion);
        if (platform.OsFeatures is { Count: > 0 } features)
        {
            shown.Add("os.features", new JsonList(features));
        }

        Add(shown, "variant", platform.Variant);
        JsonObject changed = Copy(document, "Descriptor", Copy(Own, "platform", shown));
        return new DraftMember(changed, JsonText.ForHtml(changed));
    }

    private static void Add(JsonObject into, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            into.Add(name, value);
        }
    }

    private static JsonObject Copy(JsonObject from, string name, object value)
    {
        var copy = new JsonObject();
        foreach ((string key, object? member) in from.Members)
        {
            copy.Add(key, member);
        }

        return copy.Set(name, value);
    }
}
