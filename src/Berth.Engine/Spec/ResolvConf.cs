using System.Net;
using System.Text;

namespace Berth.Engine.Spec;

/// <summary>/etc/resolv.conf of a container, from the host's and --dns, --dns-search, --dns-option.</summary>
public static class ResolvConf
{
    /// <summary>Where the embedded server answers in a container, as with Docker.</summary>
    public const string EmbeddedServer = "127.0.0.11";

    // The servers Docker falls back on as well.
    private static readonly string[] Fallback = ["8.8.8.8", "8.8.4.4"];

    /// <param name="host">The text of the host's file.</param>
    /// <param name="reachesLoopback">The container is in the host's network, so that a resolver on 127.0.0.53 answers it.</param>
    /// <param name="servers">--dns.</param>
    /// <param name="search">--dns-search; "." alone means none.</param>
    /// <param name="options">--dns-option.</param>
    public static string Build(string host, bool reachesLoopback, IReadOnlyList<string>? servers, IReadOnlyList<string>? search, IReadOnlyList<string>? options)
    {
        List<string> lines = Lines(host);
        IReadOnlyList<string> domains = search is { Count: > 0 } ? [.. search.Where(s => s != ".")] : Last(lines, "search");
        IReadOnlyList<string> settings = options is { Count: > 0 } ? options : Last(lines, "options");

        return Text(Servers(host, reachesLoopback, servers), domains, settings);
    }

    /// <summary>Of a container whose names the embedded server answers: it alone, asked for every name as it is first.</summary>
    public static string Embedded(string host, IReadOnlyList<string>? search, IReadOnlyList<string>? options)
    {
        List<string> lines = Lines(host);
        IReadOnlyList<string> domains = search is { Count: > 0 } ? [.. search.Where(s => s != ".")] : Last(lines, "search");
        IReadOnlyList<string> settings = options is { Count: > 0 } ? options : Last(lines, "options");
        bool dots = settings.Any(o => o.StartsWith("ndots:", StringComparison.Ordinal));
        return Text([EmbeddedServer], domains, dots ? settings : [.. settings, "ndots:0"]);
    }

    /// <summary>The servers a container asks, or the embedded one asks for it.</summary>
    public static IReadOnlyList<string> Servers(string host, bool reachesLoopback, IReadOnlyList<string>? servers)
    {
        IReadOnlyList<string> nameservers = servers is { Count: > 0 } ? servers : [.. Values(Lines(host), "nameserver").Where(s => reachesLoopback || !IsLoopback(s))];
        return nameservers.Count > 0 || reachesLoopback ? nameservers : Fallback;
    }

    private static string Text(IReadOnlyList<string> servers, IReadOnlyList<string> domains, IReadOnlyList<string> settings)
    {
        var text = new StringBuilder();
        foreach (string server in servers)
        {
            text.Append("nameserver ").Append(server).Append('\n');
        }

        if (domains.Count > 0)
        {
            text.Append("search ").AppendJoin(' ', domains).Append('\n');
        }

        if (settings.Count > 0)
        {
            text.Append("options ").AppendJoin(' ', settings).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Whether the host's file names only its own local resolver; then systemd's list of the real servers is the better source.</summary>
    public static bool IsLocalStub(string host) =>
        Values([.. host.Split('\n').Select(l => l.Trim())], "nameserver") is { Count: > 0 } servers && servers.All(s => s == "127.0.0.53");

    private static List<string> Lines(string host) => [.. host.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';'))];

    private static IReadOnlyList<string> Values(List<string> lines, string keyword) =>
        [.. lines.Select(l => l.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length > 1 && w[0] == keyword).Select(w => w[1])];

    // The last line wins (resolv.conf(5)).
    private static IReadOnlyList<string> Last(List<string> lines, string keyword) =>
        lines.Select(l => l.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).LastOrDefault(w => w.Length > 1 && w[0] == keyword) is { } words ? words[1..] : [];

    private static bool IsLoopback(string server) => IPAddress.TryParse(server.Split('%')[0], out IPAddress? address) && IPAddress.IsLoopback(address);
}
