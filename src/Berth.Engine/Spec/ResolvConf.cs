using System.Net;
using System.Text;

namespace Berth.Engine.Spec;

/// <summary>/etc/resolv.conf of a container, from the host's and --dns, --dns-search, --dns-option.</summary>
public static class ResolvConf
{
    // The servers Docker falls back on as well.
    private static readonly string[] Fallback = ["8.8.8.8", "8.8.4.4"];

    /// <param name="host">The text of the host's file.</param>
    /// <param name="reachesLoopback">The container is in the host's network, so that a resolver on 127.0.0.53 answers it.</param>
    /// <param name="servers">--dns.</param>
    /// <param name="search">--dns-search; "." alone means none.</param>
    /// <param name="options">--dns-option.</param>
    public static string Build(string host, bool reachesLoopback, IReadOnlyList<string>? servers, IReadOnlyList<string>? search, IReadOnlyList<string>? options)
    {
        List<string> lines = [.. host.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';'))];
        IReadOnlyList<string> nameservers = servers is { Count: > 0 } ? servers : [.. Values(lines, "nameserver").Where(s => reachesLoopback || !IsLoopback(s))];
        IReadOnlyList<string> domains = search is { Count: > 0 } ? [.. search.Where(s => s != ".")] : Last(lines, "search");
        IReadOnlyList<string> settings = options is { Count: > 0 } ? options : Last(lines, "options");

        var text = new StringBuilder();
        foreach (string server in nameservers.Count > 0 || reachesLoopback ? nameservers : Fallback)
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

    private static IReadOnlyList<string> Values(List<string> lines, string keyword) =>
        [.. lines.Select(l => l.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length > 1 && w[0] == keyword).Select(w => w[1])];

    // The last line wins (resolv.conf(5)).
    private static IReadOnlyList<string> Last(List<string> lines, string keyword) =>
        lines.Select(l => l.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).LastOrDefault(w => w.Length > 1 && w[0] == keyword) is { } words ? words[1..] : [];

    private static bool IsLoopback(string server) => IPAddress.TryParse(server.Split('%')[0], out IPAddress? address) && IPAddress.IsLoopback(address);
}
