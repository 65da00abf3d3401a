using Berth.Api;
using Berth.Engine.Links;
using Berth.Engine.Logs;
using Berth.Engine.Mounts;
using Berth.Engine.Networks;
using Berth.Engine.Ports;
using Berth.Engine.Spec;
using Berth.Network.Addresses;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>What a create request comes to, before anything exists: checked, merged with the image, with defaults filled in. Pure.</summary>
/// <param name="Config">What the container's row keeps.</param>
/// <param name="HostConfig">Likewise.</param>
/// <param name="Mounts">Without names for anonymous volumes.</param>
/// <param name="Networks">What it wants to be on each network.</param>
/// <param name="Warnings">For the response.</param>
public sealed record CreatePlan(
    ContainerConfig Config, HostConfig HostConfig, IReadOnlyList<ContainerMount> Mounts, IReadOnlyDictionary<string, EndpointSettings> Networks, IReadOnlyList<string> Warnings)
{
    /// <summary>Links on the default bridge. HostConfig has none: they may change later.</summary>
    internal IReadOnlyList<LinkSpec> Links { get; init; } = [];

    /// <param name="request">The API's body.</param>
    /// <param name="image">The image's configuration.</param>
    /// <param name="host">This host.</param>
    /// <param name="id">The new container's id: its beginning is the default host name.</param>
    /// <param name="mountsOf">The mounts of the container that --volumes-from names.</param>
    /// <exception cref="EngineException">Invalid or NotImplemented, in Docker's words where it has some.</exception>
    public static CreatePlan Of(ContainerCreateRequest request, Oci.Images.ImageConfig? image, HostFacts host, string id, Func<string, IReadOnlyList<ContainerMount>> mountsOf)
    {
        RequestSupport.Check(request);
        CheckShared(request);
        PortBindings.CheckExposed(request.ExposedPorts?.Keys ?? []);
        ContainerConfig config = ConfigMerge.Of(OwnConfig(request), ImageDefaults.Of(image));
        (HostConfig hostConfig, IReadOnlyList<string> warnings) = ResourceLimits.Check(request.HostConfig ?? new HostConfig(), host);
        hostConfig = Defaults(hostConfig, host);
        CheckConfig(config);
        CheckHostConfig(hostConfig, host);
        config = config with { Hostname = Hostname(config, hostConfig, host, id) };
        IReadOnlyList<ContainerMount> mounts = MountSet.Of(hostConfig, config.Volumes?.Keys ?? [], mountsOf);
        IReadOnlyDictionary<string, EndpointSettings> networks = ContainerNetworks.Of(request, hostConfig, config.NetworkDisabled == true);
        IReadOnlyList<LinkSpec> links = RequestedLinks.OnDefaultBridge(hostConfig, ContainerNetworks.OnDefaultBridge(request));
        return new CreatePlan(config, hostConfig with { Links = null }, mounts, networks, [.. warnings, .. PortBindings.Check(hostConfig, config), .. Notes(request, image)]) { Links = links };
    }

    // Docker runs an image's health check; we do not yet. The image did not ask us for it, so the container runs, and says so.
    private static IEnumerable<string> Notes(ContainerCreateRequest request, Oci.Images.ImageConfig? image)
    {
        if (image?.Healthcheck?.Test is { Count: > 0 } test && test[0] != "NONE" && request.Healthcheck?.Test is not ["NONE"])
        {
            yield return "The image defines a health check (HEALTHCHECK). Health checks are not supported yet: it is not run, and the container has no health status.";
        }
    }

    private static ContainerConfig OwnConfig(ContainerCreateRequest r) => new()
    {
        Hostname = r.Hostname, Domainname = r.Domainname, User = r.User, AttachStdin = r.AttachStdin, AttachStdout = r.AttachStdout,
        AttachStderr = r.AttachStderr, ExposedPorts = r.ExposedPorts, Tty = r.Tty, OpenStdin = r.OpenStdin, StdinOnce = r.StdinOnce, Env = r.Env,
        Cmd = r.Cmd, Image = r.Image, Volumes = r.Volumes, WorkingDir = r.WorkingDir, Entrypoint = r.Entrypoint, NetworkDisabled = r.NetworkDisabled,
        MacAddress = r.MacAddress, OnBuild = r.OnBuild, Labels = r.Labels, StopSignal = r.StopSignal, StopTimeout = r.StopTimeout, Shell = r.Shell,
    };

    private static HostConfig Defaults(HostConfig config, HostFacts host) => config with
    {
        NetworkMode = string.IsNullOrEmpty(config.NetworkMode) || config.NetworkMode == "default" ? "bridge" : config.NetworkMode,
        IpcMode = string.IsNullOrEmpty(config.IpcMode) ? "private" : config.IpcMode,
        CgroupnsMode = string.IsNullOrEmpty(config.CgroupnsMode) ? (config.Privileged == true ? "host" : "private") : config.CgroupnsMode,
        ShmSize = config.ShmSize is null or 0 ? DefaultMounts.SharedMemorySize : config.ShmSize,
        RestartPolicy = RestartPolicies.Check(config.RestartPolicy, config.AutoRemove == true),
        LogConfig = config.LogConfig is { Type: { Length: > 0 } } log ? log
            : new HostConfigLogConfig { Type = "json-file", Config = config.LogConfig?.Config ?? new Dictionary<string, string>() },
        Runtime = string.IsNullOrEmpty(config.Runtime) ? "runc" : config.Runtime,
        MaskedPaths = config.MaskedPaths ?? (config.Privileged == true ? null : DefaultPaths.Masked(host)),
        ReadonlyPaths = config.ReadonlyPaths ?? (config.Privileged == true ? null : DefaultPaths.ReadOnly),
    };

    private static void CheckConfig(ContainerConfig config)
    {
        if (config.Hostname?.Length > 64)
        {
            throw EngineException.Invalid($"hostname \"{config.Hostname}\" is too long (maximum 64 bytes)");
        }

        foreach ((string what, string? name) in ((string, string?)[])[("hostname", config.Hostname), ("domain name", config.Domainname)])
        {
            if (name?.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) == true)
            {
                throw EngineException.Invalid($"invalid {what}: it has a space, a line break or another control character");
            }
        }

        if (config.WorkingDir is { Length: > 0 } folder && !folder.StartsWith('/'))
        {
            throw EngineException.Invalid($"the working directory '{folder}' is invalid, it needs to be an absolute path");
        }

        if (config.StopSignal is { Length: > 0 } signal)
        {
            Signals.Parse(signal);
        }

        foreach (string entry in config.Env ?? [])
        {
            if (entry.Length == 0 || entry[0] == '=')
            {
                throw EngineException.Invalid($"invalid environment variable: {entry}");
            }
        }

        if (!string.IsNullOrEmpty(config.MacAddress) && !Network.MacAddress.TryParse(config.MacAddress, out _))
        {
            throw EngineException.Invalid($"invalid MAC address: {config.MacAddress}");
        }
    }

    private static void CheckHostConfig(HostConfig config, HostFacts host)
    {
        Modes(config);
        Capabilities.Of(config.CapAdd, config.CapDrop, config.Privileged == true, host.Capabilities);
        Ulimits.Of(config.Ulimits);
        SecurityOptions.Parse(config.SecurityOpt);
        LogLimits.Of(config.LogConfig);
        foreach (string rule in config.DeviceCgroupRules ?? [])
        {
            Devices.ParseRule(rule);
        }

        foreach (string extra in config.ExtraHosts ?? [])
        {
            HostsFile.ParseExtra(extra);
        }

        CheckResolver(config);
        foreach (string options in config.Tmpfs?.Values ?? [])
        {
            TmpfsOptions.Merge(options);
        }

        if (config.Annotations?.ContainsKey("") == true)
        {
            throw EngineException.Invalid("invalid Annotations: the empty string is not permitted as an annotation key");
        }

        if (config.CgroupParent is { Length: > 0 } parent && (!parent.StartsWith('/') || CleanPath.Of(parent) != parent))
        {
            throw EngineException.Invalid($"invalid cgroup parent \"{parent}\": an absolute path without . and .. is wanted");
        }

        if (config.NetworkMode == "host" && config.Sysctls?.Keys.FirstOrDefault(k => k.StartsWith("net.", StringComparison.Ordinal)) is { } sysctl)
        {
            throw EngineException.Invalid($"sysctl \"{sysctl}\" not allowed in host network namespace");
        }
    }

    // Who shares another's network has no say about it, and who has no network of its own has no interface: in Docker's words.
    private static void CheckShared(ContainerCreateRequest request)
    {
        HostConfig host = request.HostConfig ?? new HostConfig();
        bool shared = JoinedNamespaces.Target(host.NetworkMode) is not null, bare = host.NetworkMode is "host" or "none" || request.NetworkDisabled == true;
        if (!shared && !bare)
        {
            return;
        }

        string? conflict = (request, host) switch
        {
            ({ Hostname.Length: > 0 }, _) when shared => "hostname and the network mode",
            (_, { Dns.Count: > 0 }) when shared => "dns and the network mode",
            (_, { DnsSearch.Count: > 0 }) when shared => "dns and the network mode (dns-search)",
            (_, { DnsOptions.Count: > 0 }) when shared => "dns and the network mode (dns-option)",
            (_, { ExtraHosts.Count: > 0 }) when shared => "custom host-to-IP mapping and the network mode",
            _ when HasMacAddress(request) => "mac-address and the network mode",
            ({ ExposedPorts.Count: > 0 }, _) when shared && !PortBindings.AreAsked(host) => "port exposing and the container type network mode",
            _ => null,
        };
        if (conflict is not null)
        {
            throw EngineException.Invalid($"conflicting options: {conflict}");
        }
    }

    private static bool HasMacAddress(ContainerCreateRequest request) =>
        !string.IsNullOrEmpty(request.MacAddress) || request.NetworkingConfig?.EndpointsConfig?.Values.Any(e => !string.IsNullOrEmpty(e?.MacAddress)) == true;

    // They become lines of resolv.conf.
    private static void CheckResolver(HostConfig config)
    {
        if (config.Dns?.FirstOrDefault(d => !AddressText.TryParse(d, out _)) is { } server)
        {
            throw EngineException.Invalid($"bad value for --dns: \"{server}\" is no IP address");
        }

        if ((config.DnsSearch ?? []).Concat(config.DnsOptions ?? []).FirstOrDefault(d => d.Length == 0 || d.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) is { } word)
        {
            throw EngineException.Invalid($"bad value for --dns-search or --dns-option: \"{word}\": one word is wanted");
        }
    }

    private static void Modes(HostConfig config)
    {
        if (!(config.IpcMode is "private" or "host" or "none" or "shareable" || JoinedNamespaces.Target(config.IpcMode) is { Length: > 0 }))
        {
            throw EngineException.Invalid($"invalid IPC mode: {config.IpcMode}");
        }

        if (!(config.PidMode is null or "" or "private" or "host" || JoinedNamespaces.Target(config.PidMode) is { Length: > 0 }))
        {
            throw EngineException.Invalid($"invalid PID mode: {config.PidMode}");
        }

        if (config.UTSMode is not (null or "" or "private" or "host"))
        {
            throw EngineException.Invalid($"invalid UTS mode: {config.UTSMode}");
        }

        if (config.CgroupnsMode is not ("private" or "host"))
        {
            throw EngineException.Invalid($"invalid cgroup namespace mode: {config.CgroupnsMode}");
        }
    }

    private static string Hostname(ContainerConfig config, HostConfig hostConfig, HostFacts host, string id) =>
        !string.IsNullOrEmpty(config.Hostname) ? config.Hostname
        : hostConfig.NetworkMode == "host" || hostConfig.UTSMode == "host" ? host.Hostname

        : id[..12];
}
