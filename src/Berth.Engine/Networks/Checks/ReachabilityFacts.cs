using Berth.Network;

namespace Berth.Engine.Networks.Checks;

/// <summary>All that a verdict depends on.</summary>
internal sealed record ReachabilityFacts
{
    public required CheckedContainer From { get; init; }

    public required CheckedContainer To { get; init; }

    /// <summary>Null: no port in particular.</summary>
    public CheckedPort? Port { get; init; }

    /// <summary>What listens in the target's network stack; of interest only with a port.</summary>
    public IReadOnlyList<ListeningSocket> Listening { get; init; } = [];

    /// <summary>By which names --link gives the target to the other; empty: there is no link.</summary>
    public IReadOnlyList<string> LinkAliases { get; init; } = [];

    /// <summary>What others' rules do to what passes through the host.</summary>
    public ForeignForwarding Foreign { get; init; } = ForeignForwarding.None;

    public string FirewallTable { get; init; } = "";

    public bool FirewallPresent { get; init; } = true;
}
