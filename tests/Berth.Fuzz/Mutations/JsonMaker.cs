using System.Text;
using System.Text.Json.Nodes;

namespace Berth.Fuzz.Mutations;

/// <summary>Documents of images, right ones and such as are wrong in a place or two: other kinds of values, missing, doubled, deep and long ones, and bytes that are no JSON.</summary>
internal static class JsonMaker
{
    private static readonly string Digest = $"sha256:{new string('1', 64)}";

    private static readonly string[] Documents =
    [
        """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"DIGEST","size":7},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"DIGEST","size":3,"annotations":{"a":"b"},"urls":["http://x/"]}],"annotations":{"k":"v"},"subject":{"mediaType":"x","digest":"DIGEST","size":1}}""",
        """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"DIGEST","size":5,"platform":{"architecture":"amd64","os":"linux","variant":"v8","os.version":"1","os.features":["f"]},"annotations":{"org.opencontainers.image.ref.name":"a:1","io.containerd.image.name":"docker.io/library/a:1"}}]}""",
        """{"created":"2024-01-01T00:00:00.123456789Z","architecture":"amd64","os":"linux","author":"e","config":{"User":"u","Env":["A=b"],"Cmd":["sh"],"Entrypoint":["/x"],"Labels":{"l":"v"},"ExposedPorts":{"80/tcp":{}},"Volumes":{"/v":{}},"WorkingDir":"/w","StopSignal":"15","Healthcheck":{"Test":["CMD","x"],"Interval":30000000000,"Retries":3},"Shell":["/bin/sh"],"OnBuild":["RUN x"],"ArgsEscaped":true},"rootfs":{"type":"layers","diff_ids":["DIGEST"]},"history":[{"created":"2024-01-01T00:00:00Z","created_by":"x","empty_layer":true,"comment":"c"}]}""",
        """[{"Config":"c.json","RepoTags":["a:1","b/c:2"],"Layers":["l/layer.tar"]}]""",
    ];

    private static readonly string[] Values =
    [
        "null", "0", "-1", "1e999", "9223372036854775808", "0.5", "true", "\"\"", "\"x\"", "[]", "{}", "[null]", "[[]]", "{\"a\":null}", "\"LONE\"", "\"\\u0000\"", "\"sha256:zz\"", "\"sha512:11\"", "\"../../etc/passwd\"",
        "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.999999999+14:00\"", "\"2024-13-01T00:00:00Z\"", "2147483648", "[1,\"a\",{}]",
    ];

    public static byte[] Make(Random random)
    {
        JsonNode document = JsonNode.Parse(Documents[random.Next(Documents.Length)].Replace("DIGEST", Digest, StringComparison.Ordinal))!;
        for (int i = random.Next(4); i > 0; i--)
        {
            Change(document, random);
        }

        string text = document.ToJsonString();
        if (random.Next(12) == 0)
        {
            int depth = random.Next(2000);
            text = text.Replace("\"v\"", $"{new string('[', depth)}{new string(']', depth)}", StringComparison.Ordinal);
        }

        if (random.Next(12) == 0)
        {
            text = text.Replace("{\"", "{\"\":1,\"\":2,\"", StringComparison.Ordinal);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text.Replace("LONE", "\\ud800", StringComparison.Ordinal)); // half a character, which the maker itself would not print
        return random.Next(3) == 0 ? ByteMutation.Of(bytes, random) : bytes;
    }

    // Goes down to some place and puts another value there.
    private static void Change(JsonNode node, Random random)
    {
        while (true)
        {
            JsonNode? below;
            if (node is JsonObject { Count: > 0 } members)
            {
                string name = members.ElementAt(random.Next(members.Count)).Key;
                below = members[name];
                if (below is null or JsonValue || random.Next(4) == 0)
                {
                    members[random.Next(8) == 0 ? name.ToUpperInvariant() : name] = random.Next(6) == 0 ? Document(random) : Value(random);
                    return;
                }
            }
            else if (node is JsonArray { Count: > 0 } items)
            {
                int at = random.Next(items.Count);
                below = items[at];
                if (below is null or JsonValue || random.Next(4) == 0)
                {
                    items[at] = Value(random);
                    return;
                }

                if (random.Next(8) == 0)
                {
                    items.Add(below.DeepClone());
                    return;
                }
            }
            else
            {
                return;
            }

            node = below;
        }
    }

    private static JsonNode? Document(Random random) => JsonNode.Parse(Documents[random.Next(Documents.Length)].Replace("DIGEST", Digest, StringComparison.Ordinal));

    private static JsonNode? Value(Random random)
    {
        try
        {
            return JsonNode.Parse(Values[random.Next(Values.Length)]);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
