namespace Berth.Images.Registries.Hosts;

/// <summary>What an endpoint is trusted with (containerd's hosts.toml, "capabilities").</summary>
[Flags]
internal enum HostCapabilities
{
    None = 0,

    /// <summary>Contents by digest.</summary>
    Pull = 1,

    /// <summary>Which digest a tag means.</summary>
    Resolve = 2,

    Push = 4,

    All = Pull | Resolve | Push,
}
