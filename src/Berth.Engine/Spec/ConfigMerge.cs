using Berth.Api;
using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>What a container runs: the image's configuration with the request's over it.</summary>
public static class ConfigMerge
{
    /// <summary>The container's configuration: Docker's rules of which side wins, field by field.</summary>
    /// <exception cref="EngineException">Invalid: nothing to run.</exception>
    public static ContainerConfig Of(ContainerConfig request, ContainerConfig image)
    {
        bool ownEntrypoint = request.Entrypoint is { Count: > 0 };
        IReadOnlyList<string>? entrypoint = request.Entrypoint ?? image.Entrypoint;

        // An entrypoint of one's own takes the image's command away: its arguments were meant for the image's entrypoint.
        IReadOnlyList<string>? command = request.Cmd is { Count: > 0 } ? request.Cmd : ownEntrypoint ? request.Cmd : image.Cmd;

        // --entrypoint "" is sent as [""] and takes the image's entrypoint away.
        if (entrypoint is [""])
        {
            entrypoint = null;
        }

        ContainerConfig merged = request with
        {
            User = Either(request.User, image.User),
            Env = Env(request.Env, image.Env),
            Labels = Merge(image.Labels, request.Labels) ?? new Dictionary<string, string>(),
            ExposedPorts = Merge(image.ExposedPorts, request.ExposedPorts),
            Volumes = Merge(image.Volumes, request.Volumes),
            Entrypoint = entrypoint,
            Cmd = command,
            WorkingDir = Either(request.WorkingDir, image.WorkingDir),
            StopSignal = Either(request.StopSignal, image.StopSignal),
            Shell = request.Shell ?? image.Shell,
            OnBuild = request.OnBuild,
        };
        return merged is { Entrypoint: null or { Count: 0 }, Cmd: null or { Count: 0 } }
            ? throw EngineException.Invalid("no command specified")
            : merged;
    }

    /// <summary>The program and its arguments.</summary>
    public static IReadOnlyList<string> Arguments(ContainerConfig config) => [.. config.Entrypoint ?? [], .. config.Cmd ?? []];

    private static IReadOnlyList<string>? Env(IReadOnlyList<string>? own, IReadOnlyList<string>? image)
    {
        if (image is null or { Count: 0 })
        {
            return own;
        }

        HashSet<string> names = [.. (own ?? []).Select(Name)];
        return [.. own ?? [], .. image.Where(e => !names.Contains(Name(e)))];

        static string Name(string entry) => entry.Split('=', 2)[0];
    }

    private static string? Either(string? own, string? image) => string.IsNullOrEmpty(own) ? image : own;

    private static IReadOnlyDictionary<string, T>? Merge<T>(IReadOnlyDictionary<string, T>? below, IReadOnlyDictionary<string, T>? above)
    {
        if (below is null or { Count: 0 })
        {
            return above;
        }

        var merged = new Dictionary<string, T>(below);
        foreach ((string key, T value) in above ?? new Dictionary<string, T>())
        {
            merged[key] = value;
        }

        return merged;
    }
}
