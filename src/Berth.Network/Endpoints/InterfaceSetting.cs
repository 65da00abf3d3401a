using Berth.Storage;

namespace Berth.Network;

/// <summary>A kernel setting of one interface: "net.ipv4.conf.IFNAME.log_martians=1", where IFNAME stands for what the interface is called.</summary>
/// <param name="Protocol">"ipv4", "ipv6" or "mpls".</param>
/// <param name="Group">"conf", "neigh".</param>
/// <param name="Name">The setting's.</param>
/// <param name="Value">What is written.</param>
public sealed record InterfaceSetting(string Protocol, string Group, string Name, string Value)
{
    private const int LongestValue = 256;

    /// <exception cref="EngineException">Invalid, in Docker's words.</exception>
    public static InterfaceSetting Parse(string text)
    {
        string[] pair = text.Split('=', 2), parts = pair[0].Split('.');

        // Clients write the stand-in in lower case too.
        if (parts.Length != 5 || parts[0] != "net" || parts[1] is not ("ipv4" or "ipv6" or "mpls") || parts[3] is not ("IFNAME" or "ifname"))
        {
            throw EngineException.Invalid(
                $"unrecognised network interface sysctl '{text}'; represent 'net.X.Y.ethN.Z=V' as 'net.X.Y.IFNAME.Z=V', 'X' must be 'ipv4', 'ipv6' or 'mpls'");
        }

        // They become a path: no part may leave its folder.
        if (!IsWord(parts[2]) || !IsWord(parts[4]) || pair.Length != 2 || pair[1].Length is 0 or > LongestValue || pair[1].Any(char.IsControl))
        {
            throw EngineException.Invalid($"expected sysctl '{text}' to have format name=value");
        }

        return new InterfaceSetting(parts[1], parts[2], parts[4], pair[1]);
    }

    /// <summary>Its file, in the interface's network namespace.</summary>
    public string PathOf(string interfaceName) => $"/proc/sys/net/{Protocol}/{Group}/{interfaceName}/{Name}";

    public override string ToString() => $"net.{Protocol}.{Group}.IFNAME.{Name}={Value}";

    private static bool IsWord(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
