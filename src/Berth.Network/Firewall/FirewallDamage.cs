namespace Berth.Network.Firewall;

/// <summary>What somebody else's change of the host's firewall may have done to ours.</summary>
[Flags]
internal enum FirewallDamage
{
    None = 0,

    /// <summary>Our table is not what was written.</summary>
    Table = 1,

    /// <summary>Our exceptions in others' chains may be gone, or may be needed now.</summary>
    Exceptions = 2,
}
