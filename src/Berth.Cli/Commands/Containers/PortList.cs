using System.Globalization;

using Berth.Cli.Json;

namespace Berth.Cli.Commands.Containers;

/// <summary>Ports in one cell of a table: neighbours become a range, what is published elsewhere stands at the end.</summary>
internal static class PortList
{
    public static string Show(IReadOnlyList<object?> ports)
    {
        (long Private, string IP, long Public, string Type)[] sorted = ports.OfType<JsonObject>()
            .Select(p => (Private: p.Int("PrivatePort"), IP: p.Text("IP"), Public: p.Int("PublicPort"), Type: p.Text("Type")))
            .OrderBy(p => p.Private).ThenBy(p => p.IP, StringComparer.Ordinal).ThenBy(p => p.Public).ThenBy(p => p.Type, StringComparer.Ordinal)
            .ToArray();
        var done = new List<string>();
        var elsewhere = new List<string>();
        var open = new List<(string IP, string Type, long First, long Last)>();
        foreach ((long port, string ip, long published, string type) in sorted)
        {
            if (ip.Length > 0 && published != port)
            {
                elsewhere.Add($"{Join(ip, Number(published))}->{Number(port)}/{type}");
                continue;
            }

            int group = open.FindIndex(g => g.IP == ip && g.Type == type);
            if (group < 0)
            {
                open.Add((ip, type, port, port));
            }
            else if (port == open[group].Last + 1)
            {
                open[group] = open[group] with { Last = port };
            }
            else
            {
                done.Add(Group(open[group]));
                open[group] = (ip, type, port, port);
            }
        }

        return string.Join(", ", [.. done, .. open.Select(Group), .. elsewhere]);
    }

    /// <summary>An address and a port; brackets keep the colons of IPv6 apart.</summary>
    public static string Join(string ip, string port) => ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]:{port}" : $"{ip}:{port}";

    private static string Group((string IP, string Type, long First, long Last) group)
    {
        string range = group.First == group.Last ? Number(group.First) : $"{Number(group.First)}-{Number(group.Last)}";
        return group.IP.Length > 0 ? $"{Join(group.IP, range)}->{range}/{group.Type}" : $"{range}/{group.Type}";
    }

    private static string Number(long port) => port.ToString(CultureInfo.InvariantCulture);
}
