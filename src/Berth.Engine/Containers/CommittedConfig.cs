using System.Text.Json;

using Berth.Api;
using Berth.Engine.Spec;
using Berth.Images.Import;
using Berth.Oci.Images;
using Berth.Storage;

using ImageConfig = Berth.Oci.Images.ImageConfig;

namespace Berth.Engine.Containers;

/// <summary>What containers of a committed image start with: the container's own configuration, as far as an image has it, and the changes asked for.</summary>
internal static class CommittedConfig
{
    /// <param name="container">As it runs, the image's defaults included.</param>
    /// <param name="image">What an image has beside: a health check that the container did not replace.</param>
    /// <param name="options">Changes.</param>
    /// <exception cref="EngineException">Invalid: a change that is not known or not allowed.</exception>
    public static ImageConfig Of(ContainerConfig container, ImageConfig? image, CommitOptions options)
    {
        ContainerConfig config = options.Config is { } over ? ConfigMerge.Of(over, container) : container;
        return ImportChanges.Apply(Start(config, image, EntrypointTakesCommand(options.Changes)), options.Changes);
    }

    private static ImageConfig Start(ContainerConfig config, ImageConfig? image, bool withoutCommand) => new()
    {
        User = TextOrNull(config.User),
        ExposedPorts = Set(config.ExposedPorts),
        Env = config.Env,
        Entrypoint = config.Entrypoint,
        Cmd = withoutCommand ? null : config.Cmd,
        Volumes = Set(config.Volumes),
        WorkingDir = TextOrNull(config.WorkingDir),
        Labels = config.Labels is { Count: > 0 } ? config.Labels : null,
        StopSignal = TextOrNull(config.StopSignal),
        StopTimeout = (int?)config.StopTimeout ?? image?.StopTimeout,
        ArgsEscaped = config.ArgsEscaped,
        Healthcheck = config.Healthcheck is { } own ? Healthcheck(own) : image?.Healthcheck,
        OnBuild = config.OnBuild is { Count: > 0 } ? config.OnBuild : null,
        Shell = config.Shell,
    };

    // As in a Dockerfile: a new entrypoint drops the command that belonged to the old one, unless one was given before it.
    private static bool EntrypointTakesCommand(IReadOnlyList<string> changes)
    {
        string? first = changes.SelectMany(static c => c.Split('\n')).Select(static c => c.Trim().Split([' ', '\t'], 2)[0].ToUpperInvariant())
            .FirstOrDefault(static word => word is "CMD" or "ENTRYPOINT");
        return first == "ENTRYPOINT";
    }

    private static Healthcheck Healthcheck(HealthConfig own) => new()
    {
        Test = own.Test, Interval = own.Interval, Timeout = own.Timeout, StartPeriod = own.StartPeriod, StartInterval = own.StartInterval, Retries = (int?)own.Retries,
    };

    private static Dictionary<string, EmptyObject>? Set(IReadOnlyDictionary<string, JsonElement>? keys) =>
        keys is { Count: > 0 } ? keys.Keys.Order(StringComparer.Ordinal).ToDictionary(static k => k, static _ => new EmptyObject()) : null;

    private static string? TextOrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
