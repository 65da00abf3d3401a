using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Berth.Images.Registries;
using Berth.Network.Addresses;
using Berth.Network;
using Microsoft.Extensions.Logging;

namespace Berth.Daemon.Options;

/// <summary>berthd's options: one table, from which parsing and help come.</summary>
internal static class CommandLine
{
    private static readonly DaemonOption[] Table =
    [
        new(["--data-root"], "PATH", "Images, containers, volumes and logs (default /var/lib/berth, kept over a reboot)", static (o, v) => o with { DataRoot = Absolute(v) }),
        new(["--run-root"], "PATH", "State of running containers (default /run/berth, may vanish with a reboot)", static (o, v) => o with { RunRoot = Absolute(v) }),
        new(["--socket", "-H", "--host"], "PATH", "Unix socket to listen at, also as unix://PATH; may be repeated (default RUN-ROOT/berth.sock)", static (o, v) => o with { Sockets = [.. o.Sockets, Socket(v)] }),
        new(["--bridge"], "NAME", "Default bridge (default berth0)", static (o, v) => o with { Bridge = BridgeName(v) }),
        new(["--bip"], "ADDRESS/LENGTH", "Its address and subnet (default: a free one, chosen once)", static (o, v) => o with { BridgeAddress = Address(v) }),
        new(["--fixed-cidr"], "SUBNET", "Part of it that containers get their addresses from; without --bip all of it", static (o, v) => o with { Range = Subnet(v, ipv6: false) }),
        new(["--default-gateway"], "ADDRESS", "Whom containers on it send through (default: the bridge)", static (o, v) => o with { DefaultGateway = HostAddress(v, ipv6: false) }),
        new(["--ip"], "ADDRESS", "Where their ports are published that name no address (default 0.0.0.0, everywhere)", static (o, v) => o with { HostBinding = HostAddress(v, ipv6: null) }),
        new(["--ipv6"], "true|false", "The default bridge speaks IPv6 too (default false)", static (o, v) => o with { EnableIpv6 = Boolean(v) }) { Implied = "true" },
        new(["--bip6"], "ADDRESS/LENGTH", "Its IPv6 address and subnet (default: a free one, chosen once)", static (o, v) => o with { BridgeIpv6Address = Ipv6Address(v) }),
        new(["--fixed-cidr-v6"], "SUBNET", "Part of it that containers get their addresses from; without --bip6 all of it", static (o, v) => o with { Ipv6Range = Subnet(v, ipv6: true) }),
        new(["--default-gateway-v6"], "ADDRESS", "Whom containers on it send IPv6 through (default: the bridge)", static (o, v) => o with { DefaultIpv6Gateway = HostAddress(v, ipv6: true) }),
        new(["--mtu"], "BYTES", "Its MTU (default: the host's towards the outside, at most 1500)", static (o, v) => o with { Mtu = Bytes(v) }),
        new(["--icc"], "true|false", "Whether containers on the default bridge reach each other (default true)", static (o, v) => o with { InterContainer = Boolean(v) }),
        new(["--default-address-pool"], "base=SUBNET,size=BITS", "Where networks get their subnets from; may be repeated", static (o, v) => o with { AddressPools = [.. o.AddressPools, .. AddressPool.Parse(v)] }),
        new(["--publish-policy"], "open|host", "Whether published ports bypass the host's input rules or pass them (default open)", static (o, v) => o with { PublishThroughHost = Policy(v) }),
        new(["--registry-mirror"], "URL", "Asked for images before Docker Hub; may be repeated", static (o, v) => o with { Registries = o.Registries with { Mirrors = [.. o.Registries.Mirrors, RegistryOptions.ParseMirror(v)] } }),
        new(["--insecure-registry"], "HOST[:PORT]|SUBNET", "Registry that may do without TLS or a known certificate; may be repeated", static (o, v) => o with { Registries = o.Registries with { Insecure = [.. o.Registries.Insecure, RegistryOptions.ParseInsecure(v)] } }),
        new(["--registry-hosts"], "PATH", "Where a folder a registry has its hosts.toml or certificates (default /etc/berth/certs.d, then /etc/docker/certs.d)", static (o, v) => o with { Registries = o.Registries with { HostsFolders = [Absolute(v)] } }),
        new(["--max-concurrent-downloads"], "NUMBER", "Layers of one pull that are fetched at once (default 3)", static (o, v) => o with { Registries = o.Registries with { Downloads = Downloads(v) } }),
        new(["--signature-policy"], "PATH", "Which images may come, signed by which keys: a containers policy.json (default /etc/berth/policy.json where there is one)", static (o, v) => o with { SignaturePolicy = Absolute(v) }),
        new(["--cgroup-parent"], "PATH", "Parent cgroup of all containers (default /berth)", static (o, v) => o with { CgroupParent = Absolute(v) }),
        new(["--runtime"], "PATH", "The berth-runtime program (default: beside berthd)", static (o, v) => o with { Runtime = Absolute(v) }),
        new(["--built-in-image"], "PATH", "Image archive for a new store (default: share/berth/busybox.tar of the installation)", static (o, v) => o with { BuiltInImage = Absolute(v) }),
        new(["--image-cap"], "SIZE", "Most disk that all images may take, unpacked and packed (20g); what was used longest ago goes first (default: no limit)", static (o, v) => o with { ImageCap = ByteSize.Parse(v) }),
        new(["--free-space-floor"], "SIZE", "Free disk below which images go, what was used longest ago first (default: none)", static (o, v) => o with { FreeSpaceFloor = ByteSize.Parse(v) }),
        new(["--pidfile", "-p"], "PATH", "Where to write the process id (default RUN-ROOT/berthd.pid)", static (o, v) => o with { PidFile = Absolute(v) }),
        new(["--log-level", "-l"], "LEVEL", "debug, info, warn, error or fatal (default info)", static (o, v) => o with { LogLevel = Level(v) }),
        new(["--debug", "-D"], null, "The same as --log-level debug", static (o, _) => o with { Debug = true, LogLevel = LogLevel.Debug }),
        new(["--version", "-v"], null, "Print the version and end", static (o, _) => o with { Action = DaemonAction.PrintVersion }),
        new(["--help", "-h"], null, "Print this and end", static (o, _) => o with { Action = DaemonAction.PrintHelp }),
    ];

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It is wrong; the message says where.</exception>
    public static DaemonOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new DaemonOptions();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            int equals = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
            string name = equals < 0 ? argument : argument[..equals];
            DaemonOption option = Array.Find(Table, o => o.Names.Contains(name))
                ?? throw new FormatException(name.StartsWith('-') ? $"unknown option {name}" : $"berthd takes no arguments: {name}");
            if (option.Value is null)
            {
                options = equals < 0 ? option.Apply(options, "") : throw new FormatException($"{name} takes no value");
                continue;
            }

            string value = equals >= 0 ? argument[(equals + 1)..]
                : option.Implied ?? (++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value: {option.Value}"));
            options = option.Apply(options, value);
        }

        return options;
    }

    /// <summary>The text of --help.</summary>
    public static string Help()
    {
        var text = new StringBuilder("Usage: berthd [OPTIONS]\n\nThe daemon of the Berth container engine.\n\nOptions:\n");
        foreach (DaemonOption option in Table)
        {
            string names = string.Join(", ", option.Names) + (option.Value is null ? "" : $" {option.Value}");
            text.Append("  ").Append(names.PadRight(30)).Append(' ').Append(option.Help).Append('\n');
        }

        return text.ToString();
    }

    private static string Absolute(string path) => path.StartsWith('/') ? path : throw new FormatException($"{(path.Length == 0 ? "an empty path" : path)} is no absolute path");

    private static string Socket(string address)
    {
        string path = address.StartsWith("unix://", StringComparison.Ordinal) ? address["unix://".Length..] : address;
        if (!path.StartsWith('/'))
        {
            throw new FormatException($"{address} is no Unix socket: give unix:///path or /path (tcp:// is not supported yet)");
        }

        // sockaddr_un.sun_path holds 108 bytes with the ending zero (unix(7)).
        return Encoding.UTF8.GetByteCount(path) < 108 ? path : throw new FormatException($"{address} is too long for a socket: at most 107 bytes");
    }

    // Docker has no network bridge then.
    private static string BridgeName(string name) => name == "none"
        ? throw new FormatException("--bridge none is not supported: there is always a default bridge; containers that are to have no network get it by --network none")
        : Interface(name);

    private static string Interface(string name) => name.Length is > 0 and < 16 && !name.Contains('/', StringComparison.Ordinal) && !name.Any(char.IsWhiteSpace)
        ? name
        : throw new FormatException($"{name} is no name of a network interface: 1 to 15 characters without spaces and slashes");

    private static BridgeAddress Address(string text) => BridgeAddress.TryParse(text, out BridgeAddress? address)
        ? address
        : throw new FormatException($"{text} is no bridge address: an IPv4 address of a host and the length of its subnet are wanted, such as 172.28.0.1/16");

    private static BridgeAddress Ipv6Address(string text) => BridgeAddress.TryParseIpv6(text, out BridgeAddress? address)
        ? address
        : throw new FormatException($"{text} is no IPv6 address of a bridge: one with the length of its subnet is wanted, such as fd00:1::1/64");

    private static IPNetwork Subnet(string text, bool ipv6) =>
        AddressText.TryParseSubnet(text, out IPNetwork subnet) && (subnet.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6) == ipv6
        && (ipv6 ? subnet.PrefixLength is >= 16 and <= 126 && !subnet.BaseAddress.IsIPv6LinkLocal && !subnet.BaseAddress.IsIPv6Multicast : subnet.PrefixLength is >= 8 and <= 30)
            ? subnet
            : throw new FormatException($"{text} is no {(ipv6 ? "IPv6 subnet of 16 to 126 bits, such as fd00:1::/64" : "IPv4 subnet of 8 to 30 bits, such as 172.28.5.0/24")}");

    private static IPAddress HostAddress(string text, bool? ipv6) =>
        AddressText.TryParse(text, out IPAddress? address) && (ipv6 is null || (address.AddressFamily == AddressFamily.InterNetworkV6) == ipv6)
            ? address
            : throw new FormatException($"{text} is no {(ipv6 switch { true => "IPv6 ", false => "IPv4 ", null => "IP " })}address");

    // 68 is what every IPv4 module must be able to forward (RFC 791); a veth takes up to 65535.
    private static int Bytes(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int mtu) && mtu is >= 68 and <= 65535
        ? mtu
        : throw new FormatException($"{text} is no MTU: 68 to 65535");

    private static int Downloads(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 100
        ? number
        : throw new FormatException($"{text} is no number of downloads: 1 to 100");

    private static bool Boolean(string text) => text switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new FormatException($"{text} is neither true nor false"),
    };

    private static bool Policy(string text) => text switch
    {
        "open" => false,
        "host" => true,
        _ => throw new FormatException($"{text} is no publish policy: open or host"),
    };

    private static LogLevel Level(string text) => text switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warn" or "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "fatal" or "panic" => LogLevel.Critical,
        _ => throw new FormatException($"{text} is no log level: debug, info, warn, error or fatal"),
    };
}
