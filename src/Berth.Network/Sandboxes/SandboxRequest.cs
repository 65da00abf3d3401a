namespace Berth.Network;

/// <summary>What kind of network namespace a container wants.</summary>
public sealed record SandboxRequest
{
    /// <summary>"bridge" (also as "default") or "none". "host" and "container:ID" need no sandbox: the engine passes the namespace itself.</summary>
    public required string Network { get; init; }

    /// <summary>--mac-address. Null: derived from the address.</summary>
    public MacAddress? MacAddress { get; init; }
}
