using System.Text.Json;

using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Signatures;

/// <summary>Reads a policy file, as strictly as its page demands: a word that is not known might be one that protects.</summary>
internal sealed class SignaturePolicyFile
{
    private const long LongestFile = 4 << 20;
    private const long LongestKey = 64 << 10;

    // Other programs' transports (dir, containers-storage, …) never bring an image here.
    private static readonly string[] Transports = ["docker", "docker-archive", "oci-archive", "tarball"];

    private readonly string _path;

    private SignaturePolicyFile(string path) => _path = path;

    /// <exception cref="EngineException">Invalid: it cannot be read, or demands what is not supported.</exception>
    public static SignaturePolicy Read(string path)
    {
        var file = new SignaturePolicyFile(path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(ReadLimited(path, LongestFile), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return file.Policy(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw EngineException.Invalid($"the signature policy {path} cannot be used: {(e is JsonException json ? JsonFault.Describe(json) : e.Message)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EngineException.Invalid($"the signature policy {path} cannot be read: {e.Message}", e);
        }
    }

    private SignaturePolicy Policy(JsonElement root)
    {
        Dictionary<string, JsonElement> fields = Fields(root, "the file", "default", "transports");
        PolicyScope byDefault = Scope(fields.TryGetValue("default", out JsonElement all) ? all : throw new FormatException("it has no \"default\""), "default");
        var transports = new Dictionary<string, IReadOnlyDictionary<string, PolicyScope>>();
        if (fields.TryGetValue("transports", out JsonElement given))
        {
            foreach (JsonProperty transport in Object(given, "transports").EnumerateObject().Where(static t => Transports.Contains(t.Name)))
            {
                transports[transport.Name] = Object(transport.Value, transport.Name).EnumerateObject()
                    .ToDictionary(static s => s.Name, s => Scope(s.Value, s.Name.Length == 0 ? $"the default of {transport.Name}" : $"{transport.Name} \"{s.Name}\""));
            }
        }

        return new SignaturePolicy(_path, byDefault, transports);
    }

    private PolicyScope Scope(JsonElement list, string shown)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw new FormatException($"{shown} must be a list of requirements that is not empty");
        }

        return new PolicyScope(shown, [.. list.EnumerateArray().Select(r => Requirement(Object(r, shown), shown))]);
    }

    private PolicyRequirement Requirement(JsonElement one, string shown)
    {
        string type = one.TryGetProperty("type", out JsonElement named) ? Text(named, "type") : throw new FormatException($"a requirement of {shown} has no \"type\"");
        switch (type)
        {
            case "insecureAcceptAnything" or "reject":
                Fields(one, shown, "type");
                return new PolicyRequirement(type == "reject" ? PolicyRequirementKind.Reject : PolicyRequirementKind.AcceptAnything);
            case "sigstoreSigned":
                return Signed(one, shown);
            case "signedBy" or "signedBaseLayer":
                throw new FormatException($"{shown} demands \"{type}\" (signatures by GPG keys), which berth does not verify: sigstoreSigned, insecureAcceptAnything and reject are supported");
            default:
                throw new FormatException($"{shown} demands \"{type}\", which is no known requirement: sigstoreSigned, insecureAcceptAnything and reject are supported");
        }
    }

    private PolicyRequirement Signed(JsonElement one, string shown)
    {
        foreach (JsonProperty field in one.EnumerateObject())
        {
            if (field.Name is "fulcio" or "pki" || field.Name.StartsWith("rekor", StringComparison.Ordinal))
            {
                throw new FormatException($"{shown}: sigstoreSigned with \"{field.Name}\" (signatures by certificates, or entries of a log) is not verified by berth: only keys are, by keyPath, keyPaths, keyData or keyDatas");
            }
        }

        Dictionary<string, JsonElement> fields = Fields(one, shown, "type", "keyPath", "keyPaths", "keyData", "keyDatas", "signedIdentity");
        List<SigningKey> keys = [];
        foreach ((string name, JsonElement value) in fields.Where(static f => f.Key.StartsWith("key", StringComparison.Ordinal)))
        {
            if (keys.Count > 0)
            {
                throw new FormatException($"{shown}: only one of keyPath, keyPaths, keyData and keyDatas may be given");
            }

            IEnumerable<JsonElement> all = !name.EndsWith('s') ? [value] : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw new FormatException($"{shown}: {name} must be a list");
            keys.AddRange(all.Select((v, i) => name.StartsWith("keyPath", StringComparison.Ordinal) ? KeyOfFile(Text(v, name)) : KeyOfData(Text(v, name), $"{name} {i + 1} of {shown}")));
        }

        return new PolicyRequirement(PolicyRequirementKind.Signed)
        {
            Keys = keys.Count > 0 ? keys : throw new FormatException($"{shown}: sigstoreSigned needs keyPath, keyPaths, keyData or keyDatas"),
            Identity = fields.TryGetValue("signedIdentity", out JsonElement identity) ? Identity(Object(identity, "signedIdentity"), shown) : new SignedIdentity(IdentityMatch.RepositoryByDigestOrExact),
        };
    }

    private static SignedIdentity Identity(JsonElement one, string shown)
    {
        string type = one.TryGetProperty("type", out JsonElement named) ? Text(named, "type") : throw new FormatException($"the signedIdentity of {shown} has no \"type\"");
        string[] further = type switch { "exactReference" => ["dockerReference"], "exactRepository" => ["dockerRepository"], "remapIdentity" => ["prefix", "signedPrefix"], _ => [] };
        Dictionary<string, JsonElement> fields = Fields(one, $"the signedIdentity of {shown}", ["type", .. further]);
        string[] values = [.. further.Select(f => fields.TryGetValue(f, out JsonElement value) ? Text(value, f) : throw new FormatException($"the signedIdentity of {shown} has no \"{f}\""))];
        return type switch
        {
            "matchRepoDigestOrExact" => new SignedIdentity(IdentityMatch.RepositoryByDigestOrExact),
            "matchExact" => new SignedIdentity(IdentityMatch.Exact),
            "matchRepository" => new SignedIdentity(IdentityMatch.Repository),
            "exactReference" => new SignedIdentity(IdentityMatch.StatedReference) { Stated = Name(values[0], isRepository: false) },
            "exactRepository" => new SignedIdentity(IdentityMatch.StatedRepository) { Stated = Name(values[0], isRepository: true) },
            "remapIdentity" => new SignedIdentity(IdentityMatch.Remapped) { Remap = (Prefix(values[0]), Prefix(values[1])) },
            _ => throw new FormatException($"the signedIdentity of {shown} is of the unknown type \"{type}\""),
        };
    }

    private static ImageReference Name(string text, bool isRepository)
    {
        ImageReference name = ImageReference.Parse(text);
        bool isBare = name.Tag is null && name.Digest is null;
        return isBare == isRepository ? name : throw new FormatException($"\"{text}\" must {(isRepository ? "have neither tag nor digest" : "have a tag or a digest")}");
    }

    // A host, a folder of it or a repository, in the long form.
    private static string Prefix(string text) =>
        text.Length > 0 && ImageReference.TryParse(text.Contains('/', StringComparison.Ordinal) ? text : $"{text}/x", out ImageReference? name) && name is { Tag: null, Digest: null }
        && (name.Repository == text || name.Repository == $"{text}/x")
            ? text
            : throw new FormatException($"\"{text}\" is no beginning of a repository's full name, such as registry.example:5000/team");

    private static SigningKey KeyOfFile(string path)
    {
        try
        {
            return SigningKey.Parse(ReadLimited(path, LongestKey), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"the key {path} cannot be read: {e.Message}", e);
        }
    }

    private static SigningKey KeyOfData(string base64, string shown)
    {
        byte[] pem = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, pem, out int length) ? SigningKey.Parse(pem[..length], shown) : throw new FormatException($"{shown} is no base64");
    }

    private static byte[] ReadLimited(string path, long limit)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > limit)
        {
            throw new FormatException($"{path} has more than {limit >> 10} KiB");
        }

        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static JsonElement Object(JsonElement element, string shown) => element.ValueKind == JsonValueKind.Object ? element : throw new FormatException($"{shown} must be a JSON object");

    private static string Text(JsonElement element, string field) => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new FormatException($"\"{field}\" must be a string");

    private static Dictionary<string, JsonElement> Fields(JsonElement one, string shown, params string[] known)
    {
        var fields = Object(one, shown).EnumerateObject().ToDictionary(static f => f.Name, static f => f.Value);
        return fields.Keys.FirstOrDefault(f => !known.Contains(f)) is { } unknown
            ? throw new FormatException($"{shown} has the unknown field \"{unknown}\"; known are {string.Join(", ", known)}")
            : fields;
    }
}
