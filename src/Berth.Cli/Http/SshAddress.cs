using System.Globalization;

namespace Berth.Cli.Http;

/// <summary>A daemon on another machine, reached through its ssh: ssh://[USER@]HOST[:PORT][/SOCKET].</summary>
/// <param name="User">Empty: as ssh's own configuration says.</param>
/// <param name="Host">A name of ~/.ssh/config too.</param>
/// <param name="Port">0: as ssh's own configuration says.</param>
/// <param name="Socket">The daemon's socket there; empty: that of berth there, else of docker.</param>
internal sealed record SshAddress(string User, string Host, int Port, string Socket)
{
    public const string Scheme = "ssh://";

    // docker's own client, and ours, join their streams to the daemon's socket.
    private const string Dial = "system dial-stdio";

    /// <exception cref="CliException">It is none.</exception>
    public static SshAddress Parse(string text)
    {
        string rest = text.StartsWith(Scheme, StringComparison.Ordinal) ? text[Scheme.Length..] : throw Refuse(text, "");
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string socket = slash < 0 ? "" : rest[slash..].TrimEnd('/');
        string place = slash < 0 ? rest : rest[..slash];
        int at = place.LastIndexOf('@');
        string user = at < 0 ? "" : place[..at];
        (string host, string port) = HostAndPort(text, place[(at + 1)..]);
        if (user.Contains(':', StringComparison.Ordinal))
        {
            throw Refuse(text[..Scheme.Length] + "…", ": a password is not taken here; ssh asks for it, or better use a key");
        }

        // A word that begins with a dash would be an option of ssh's (CVE-2017-1000117).
        if (host.Length == 0 || (at >= 0 && user.Length == 0) || new[] { user, host }.Any(static w => w.StartsWith('-') || w.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c))))
        {
            throw Refuse(text, "");
        }

        int number = 0;
        if (port.Length > 0 && !(int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 0 and < 65536))
        {
            throw Refuse(text, $": {port} is no port");
        }

        return socket.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_')
            ? new SshAddress(user, host, number, socket)
            : throw Refuse(text, ": the socket's path may have letters, digits, dots, dashes and underscores");
    }

    /// <summary>What ssh is called with, its own name first.</summary>
    public IReadOnlyList<string> Arguments() =>
    [
        "ssh", "-o", "ConnectTimeout=30", "-T", .. User.Length > 0 ? ["-l", User] : Array.Empty<string>(),
        .. Port > 0 ? ["-p", Port.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(), "--", Host, Remote(),
    ];

    /// <summary>As people type it to ssh.</summary>
    public override string ToString() => (User.Length > 0 ? $"{User}@" : "") + Host + (Port > 0 ? $":{Port.ToString(CultureInfo.InvariantCulture)}" : "");

    // The user's shell there may be any; it only has to know single quotes.
    private string Remote()
    {
        string at = Socket.Length > 0 ? $"-H unix://{Socket} " : "";
        return $"sh -c 'for p in berth docker; do command -v $p >/dev/null 2>&1 && exec $p {at}{Dial}; done; exit 127'";
    }

    private static (string Host, string Port) HostAndPort(string text, string place)
    {
        int end = place.IndexOf(']', StringComparison.Ordinal);
        if (place.StartsWith('['))
        {
            return end < 0 || (end + 1 < place.Length && place[end + 1] != ':') ? throw Refuse(text, "") : (place[1..end], end + 2 <= place.Length ? place[(end + 2)..] : "");
        }

        int colon = place.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (place, "") : colon == place.Length - 1 ? throw Refuse(text, "") : (place[..colon], place[(colon + 1)..]);
    }

    private static CliException Refuse(string text, string why) => new($"{text} is no address for ssh{why}{(why.Length > 0 ? "" : ": ssh://[USER@]HOST[:PORT][/SOCKET] is wanted")}");
}
