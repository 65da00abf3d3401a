using System.Text.RegularExpressions;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Where answers about networks are meant to differ from dockerd 20.10's, each with what both become before they are compared.</summary>
internal static class IntendedNetworkDifferences
{
    public static readonly IReadOnlyList<(Regex Found, string Same)> All =
    [
        Of(@"\n +""EnableIPv4"": (true|false),", ""), // API 1.47 and later
        Of(@"""Created"": ""[^""]*""", "\"Created\": \"\""),
        Of(@"""SandboxID"":""[^""]*"",", ""), // no namespace of ours has a name or id beside its container's
        Of(@"""SandboxKey"":""[^""]*"",", ""),
        Of(@"(?<=""none"":\{.*)""EndpointID"":""<id>""", "\"EndpointID\":\"\""), // no endpoint where there is no network
        Of(@"""Aliases"":\[(?<as>.*?),?""[0-9a-f]{12}""\]", "\"Aliases\":[${as}]"), // the short id is each one's own
        Of(@"""IPAMConfig"":\{\}", "\"IPAMConfig\":null"), // 28 shows what was sent, and that is empty
        Of(@"""DriverOpts"":\{\}", "\"DriverOpts\":null"),
        Of(@"^\d+: (?=eth)", "N: "), // a number of the kernel's
        Of(@" \(name:.*\)$", ""), // ours says who is on it
        Of(@"(?<=Address already in use|any of this network's subnets).*", ""), // ours says which
        Of(@"(?<=available IPv4 addresses on this network's address pools: bd1).*", ""),
        Of(@" by network \w+$", ""),
        Of(@"(?<=is not connected to )the (?=network)", ""), // of a stopped container, in 20.10 only
        Of(@"172\.\d+\.\d+\.\d+", "172.x"), // pools are taken from the other end, and addresses in turn
        Of(@"02:42:ac:[0-9a-f:]{8}", "02:42:ac"),
    ];

    private static (Regex, string) Of(string pattern, string same) => (new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Multiline), same);
}
