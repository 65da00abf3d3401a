using System.Text;

using Berth.Engine.Links;
using Berth.Network.Addresses;
using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>/etc/hosts and /etc/hostname of a container.</summary>
internal static class HostsFile
{
    private const string Default =
        "127.0.0.1\tlocalhost\n"
        + "::1\tlocalhost ip6-localhost ip6-loopback\n"
        + "fe00::0\tip6-localnet\n"
        + "ff00::0\tip6-mcastprefix\n"
        + "ff02::1\tip6-allnodes\n"
        + "ff02::2\tip6-allrouters\n";

    /// <param name="original">The host's own file, for containers in the host's network; null makes the default.</param>
    /// <param name="hostname">The container's name for itself.</param>
    /// <param name="domainname">Its domain, or empty.</param>
    /// <param name="addresses">Its own addresses.</param>
    /// <param name="gateway">What "host-gateway" stands for in an extra host: the host's address on the default bridge.</param>
    /// <param name="extraHosts">--add-host: NAME:ADDRESS.</param>
    /// <param name="links">Linked containers.</param>
    /// <exception cref="EngineException">Invalid: a malformed extra host.</exception>
    public static string Build(string? original, string hostname, string? domainname, IReadOnlyList<string> addresses, string? gateway, IReadOnlyList<string>? extraHosts,
        IReadOnlyList<HostsEntry>? links = null)
    {
        var text = new StringBuilder(original ?? Default);
        if (text.Length > 0 && text[^1] != '\n')
        {
            text.Append('\n');
        }

        foreach (string extra in extraHosts ?? [])
        {
            (string name, string ip) = ParseExtra(extra);
            string to = ip != "host-gateway" ? ip
                : gateway ?? throw EngineException.Invalid("unable to derive the IP value for host-gateway: the daemon has no default bridge");
            text.Append(to).Append('\t').Append(name).Append('\n');
        }

        foreach (HostsEntry link in links ?? [])
        {
            text.Append(link).Append('\n');
        }

        foreach (string address in addresses)
        {
            text.Append(OwnLine(address, hostname, domainname)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A container's line for itself: a fully qualified name comes first, then its first part (hosts(5)).</summary>
    public static string OwnLine(string address, string hostname, string? domainname)
    {
        string full = string.IsNullOrEmpty(domainname) ? hostname : $"{hostname}.{domainname}";
        int dot = full.IndexOf('.', StringComparison.Ordinal);
        return $"{address}\t{full}{(dot > 0 ? $" {full[..dot]}" : "")}";
    }

    /// <summary>Takes lines out of a file that is in use, and puts others behind what stays.</summary>
    public static string Replace(string text, IReadOnlyCollection<string> before, IReadOnlyCollection<string> after)
    {
        List<string> lines = [.. text.TrimEnd('\n').Split('\n')];
        lines.RemoveAll(l => before.Contains(l) && !after.Contains(l));
        lines.AddRange(after.Except(lines));
        return string.Join('\n', lines) + '\n';
    }

    /// <summary>Splits NAME:ADDRESS (or NAME=ADDRESS, as newer clients may send).</summary>
    /// <exception cref="EngineException">Invalid.</exception>
    public static (string Name, string Address) ParseExtra(string extra)
    {
        int at = extra.IndexOfAny([':', '=']);
        string name = at < 0 ? "" : extra[..at], ip = at < 0 ? "" : extra[(at + 1)..].TrimStart('[').TrimEnd(']');
        if (name.Length == 0 || ip.Length == 0 || name.AsSpan().ContainsAny(" \t\n#"))
        {
            throw EngineException.Invalid($"bad format for add-host: \"{extra}\"");
        }

        return ip == "host-gateway" || AddressText.TryParse(ip, out _)
            ? (name, ip)
            : throw EngineException.Invalid($"invalid IP address in add-host: \"{ip}\"");
    }
}
