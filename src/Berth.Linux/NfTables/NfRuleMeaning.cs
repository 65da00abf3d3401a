namespace Berth.Linux.NfTables;

/// <summary>A rule as far as it is about protocols and destination ports.</summary>
public sealed record NfRuleMeaning
{
    /// <summary>6 TCP, 17 UDP, 132 SCTP ...; null: any.</summary>
    public byte? Protocol { get; init; }

    /// <summary>The lowest destination port.</summary>
    public ushort FirstPort { get; init; }

    /// <summary>The highest.</summary>
    public ushort LastPort { get; init; } = ushort.MaxValue;

    /// <summary>The set its destination port is looked up in; null: none.</summary>
    public string? PortSet { get; init; }

    /// <summary>It matches some packets to a port only, or all but some.</summary>
    public bool Narrower { get; init; }

    /// <summary>The one interface its packets come in by; null: any, or some of them. A rule with one is <see cref="Narrower"/>.</summary>
    public string? InputInterface { get; init; }

    /// <summary>The one interface its packets leave by; null: any, or some of them. A rule with one is <see cref="Narrower"/>.</summary>
    public string? OutputInterface { get; init; }

    /// <summary>It matches what is not sent to an address of this host: broadcasts.</summary>
    public bool Elsewhere { get; init; }

    /// <summary>It matches by the state of the connection.</summary>
    public bool ByState { get; init; }

    /// <summary>It may be about ports in a way that was not understood.</summary>
    public bool Unread { get; init; }

    public NfRuleVerdict Verdict { get; init; }

    /// <summary>Of a jump.</summary>
    public string Target { get; init; } = "";

    /// <summary>It names a port.</summary>
    public bool NamesPort => FirstPort > 0 || LastPort < ushort.MaxValue || PortSet is not null;

    /// <summary>Every packet matches.</summary>
    public bool IsUnconditional => Protocol is null && !NamesPort && !Narrower && !ByState && !Unread;
}
