using System.Text.Json;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Spec;
using Berth.Oci.Runtime;

namespace Berth.Engine.Tests.Spec;

/// <summary>Specs as lines "path = value", so that a test can say what one option changes and that it changes nothing else.</summary>
internal static class SpecText
{
    public static RuntimeSpec Build(CreatePlan plan, Func<SpecInput, SpecInput>? more = null)
    {
        (User user, string home) = UserResolution.Resolve(plan.Config.User, plan.HostConfig.GroupAdd, UserDatabase.Empty);
        var input = new SpecInput
        {
            Id = Samples.Id,
            Config = plan.Config,
            HostConfig = plan.HostConfig,
            Host = Samples.Host,
            Mounts = [.. plan.Mounts.Select(m => (m, m.HostPath ?? (m.Volume is null ? null : $"/volumes/{m.Volume}")))],
            User = user,
            Home = home,
            CgroupPath = $"/berth/{Samples.Id}",
            HostsPath = "/run/x/hosts",
            HostnamePath = "/run/x/hostname",
            ResolvConfPath = "/run/x/resolv.conf",
            NetworkIsDescriptor = plan.HostConfig.NetworkMode != "host",
        };
        return SpecBuilder.Build(more?.Invoke(input) ?? input);
    }

    /// <summary>What differs from a plain container's spec: "- line" is gone, "+ line" is new.</summary>
    public static string[] Change(HostConfig host) => Change(Samples.Request with { HostConfig = host });

    public static string[] Change(ContainerCreateRequest request, Func<SpecInput, SpecInput>? more = null)
    {
        string[] plain = Lines(Build(Samples.Plan())), changed = Lines(Build(Samples.Plan(request), more));
        return [.. plain.Except(changed).Select(l => $"- {l}"), .. changed.Except(plain).Select(l => $"+ {l}")];
    }

    public static string Json(RuntimeSpec spec)
    {
        using JsonDocument document = JsonDocument.Parse(JsonSerializer.Serialize(spec, RuntimeJson.Default.RuntimeSpec));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static string[] Lines(RuntimeSpec spec)
    {
        using JsonDocument document = JsonDocument.Parse(JsonSerializer.Serialize(spec, RuntimeJson.Default.RuntimeSpec));
        var lines = new List<string>();
        Walk(document.RootElement, "", lines);
        return [.. lines];
    }

    // Lists whose members have names go by these; lists of plain values are one line.
    private static void Walk(JsonElement element, string path, List<string> lines)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    Walk(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", lines);
                }

                break;
            case JsonValueKind.Array when element.GetArrayLength() > 0 && element[0].ValueKind == JsonValueKind.Object:
                lines.AddRange(element.EnumerateArray().Select(item => $"{path}[] = {item.GetRawText()}"));
                break;
            default:
                lines.Add($"{path} = {element.GetRawText()}");
                break;
        }
    }
}
