using Berth.Storage;

namespace Berth.Network.Networks;

/// <summary>The driver options of macvlan and ipvlan networks: which interface of the host they share, and how.</summary>
internal static class ParentOptions
{
    public const string Parent = "parent", LongParent = "com.docker.network.parent", FlagKey = "ipvlan_flag";

    /// <summary>How containers on one parent reach each other; Docker's names.</summary>
    public static string ModeKey(string driver) => $"{driver}_mode";

    /// <summary>Checks them, and returns what they share with a bridge's.</summary>
    /// <exception cref="EngineException">Invalid or NotImplemented: names the option.</exception>
    public static BridgeOptions Check(string driver, IReadOnlyDictionary<string, string> options)
    {
        string[] modes = driver == NetworkDrivers.Macvlan ? ["bridge", "private", "vepa", "passthru"] : ["l2", "l3", "l3s"];
        var common = new Dictionary<string, string>();
        foreach ((string key, string value) in options)
        {
            if (key == Parent || key == LongParent)
            {
                if (value.Length > 0)
                {
                    BridgeOptions.LinkName(key, value, 15);
                }
            }
            else if (key == ModeKey(driver))
            {
                if (value.Length > 0 && !modes.Contains(value))
                {
                    throw EngineException.Invalid($"requested {driver} mode '{value}' is not valid, '{modes[0]}' mode is the {driver} driver default: {string.Join(", ", modes)} exist");
                }
            }
            else if (key == FlagKey && driver == NetworkDrivers.Ipvlan)
            {
                if (value is not ("" or "bridge" or "private" or "vepa"))
                {
                    throw EngineException.Invalid($"invalid value \"{value}\" of ipvlan_flag: bridge, private or vepa is wanted");
                }
            }
            else
            {
                common[key] = value;
            }
        }

        BridgeOptions parsed = BridgeOptions.Parse(common);
        return parsed.Name is null && parsed.HostBinding is null && parsed.InterContainer && parsed.Masquerade && !parsed.InhibitIpv4 && parsed is { Ipv4Mode: GatewayMode.Nat, Ipv6Mode: GatewayMode.Nat, TrustedInterfaces.Count: 0, SourceIpv4: null, SourceIpv6: null }
            ? parsed
            : throw EngineException.Invalid($"com.docker.network.bridge.* options are for bridge networks, this is {driver}");
    }
}
