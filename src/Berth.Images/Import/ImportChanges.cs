using System.Text.Json;

using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Images.Import;

/// <summary>Dockerfile instructions that change a config (--change of import and commit).</summary>
public static class ImportChanges
{
    /// <exception cref="EngineException">Invalid: an instruction that is not known or not allowed here, or whose arguments are wrong.</exception>
    public static ImageConfig Apply(ImageConfig config, IEnumerable<string> changes)
    {
        foreach (string line in changes.SelectMany(c => c.Split('\n')).Select(c => c.Trim()).Where(c => c.Length > 0 && c[0] != '#'))
        {
            int blank = line.AsSpan().IndexOfAny(' ', '\t');
            string instruction = (blank < 0 ? line : line[..blank]).ToUpperInvariant();
            config = ApplyOne(config, instruction, blank < 0 ? "" : line[blank..].Trim());
        }

        return config;
    }

    private static ImageConfig ApplyOne(ImageConfig config, string instruction, string arguments) => instruction switch
    {
        "CMD" => config with { Cmd = Command(arguments) },
        "ENTRYPOINT" => config with { Entrypoint = Command(arguments) },
        "ENV" => config with { Env = WithEnvironment(config.Env, ChangeWords.Pairs(instruction, arguments)) },
        "EXPOSE" => config with { ExposedPorts = With(config.ExposedPorts, Needed(instruction, ChangeWords.Plain(arguments)).SelectMany(ExposedPort.Parse)) },
        "HEALTHCHECK" => config with { Healthcheck = HealthcheckChange.Parse(arguments) },
        "LABEL" => config with { Labels = WithLabels(config.Labels, ChangeWords.Pairs(instruction, arguments)) },
        "ONBUILD" => config with { OnBuild = [.. config.OnBuild ?? [], OnBuild(arguments)] },
        "STOPSIGNAL" => config with { StopSignal = One(instruction, arguments) },
        "USER" => config with { User = One(instruction, arguments) },
        "VOLUME" => config with { Volumes = With(config.Volumes, Needed(instruction, Json(arguments) ?? ChangeWords.Plain(arguments))) },
        "WORKDIR" => config with { WorkingDir = Folder(config.WorkingDir, One(instruction, arguments)) },
        _ => throw EngineException.Invalid($"{instruction} is not a valid change command"),
    };

    /// <summary>["program", "argument"] as it stands; anything else is given to the shell.</summary>
    internal static IReadOnlyList<string> Command(string arguments) =>
        Json(arguments) ?? (arguments.Length > 0 ? ["/bin/sh", "-c", arguments] : []);

    private static IReadOnlyList<string>? Json(string arguments)
    {
        if (!arguments.StartsWith('['))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(arguments, ChangeJson.Default.IReadOnlyListString);
        }
        catch (JsonException)
        {
            return null; // as in a Dockerfile: what is no list of strings is a shell's command, e.g. "[ -e /x ] && y"
        }
    }

    private static IReadOnlyList<string> Needed(string instruction, IReadOnlyList<string> words) =>
        words.Count > 0 ? words : throw EngineException.Invalid($"{instruction} requires at least one argument");

    private static string One(string instruction, string arguments) =>
        arguments.Length > 0 ? string.Join(' ', ChangeWords.Plain(arguments)) : throw EngineException.Invalid($"{instruction} requires exactly one argument");

    private static string Folder(string? current, string folder) =>
        Path.GetFullPath(folder, current is { Length: > 0 } ? current : "/");

    private static string OnBuild(string arguments)
    {
        string trigger = arguments.Split(' ', '\t')[0].ToUpperInvariant();
        return trigger switch
        {
            "" => throw EngineException.Invalid("ONBUILD requires at least one argument"),
            "ONBUILD" => throw EngineException.Invalid("chaining ONBUILD via `ONBUILD ONBUILD` is not allowed"),
            "FROM" or "MAINTAINER" => throw EngineException.Invalid($"{trigger} is not allowed as an ONBUILD trigger"),
            _ => arguments,
        };
    }

    private static List<string> WithEnvironment(IReadOnlyList<string>? current, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        List<string> environment = [.. current ?? []];
        foreach ((string name, string value) in pairs)
        {
            int at = environment.FindIndex(e => e.StartsWith(name + "=", StringComparison.Ordinal));
            if (at < 0)
            {
                environment.Add($"{name}={value}");
            }
            else
            {
                environment[at] = $"{name}={value}";
            }
        }

        return environment;
    }

    private static Dictionary<string, string> WithLabels(IReadOnlyDictionary<string, string>? current, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var labels = new Dictionary<string, string>(current ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach ((string name, string value) in pairs)
        {
            labels[name] = value;
        }

        return labels;
    }

    private static SortedDictionary<string, EmptyObject> With(IReadOnlyDictionary<string, EmptyObject>? current, IEnumerable<string> keys)
    {
        var all = new SortedDictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (string key in (current?.Keys ?? []).Concat(keys))
        {
            all[key] = new EmptyObject();
        }

        return all;
    }
}
