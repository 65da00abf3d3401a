using System.Globalization;

using Berth.Linux;
using Berth.Linux.Sockets;

namespace Berth.Cli.Http;

/// <summary>Where the daemon listens: a socket in the file system, a host and port without TLS, or another machine's through its ssh.</summary>
/// <param name="Text">As the user gave it, for messages.</param>
/// <param name="Path">The socket's path, or null for TCP.</param>
/// <param name="Host">For TCP.</param>
/// <param name="Port">For TCP.</param>
internal sealed record Endpoint(string Text, string? Path, string Host, int Port)
{
    public const string Default = "unix:///run/berth/berth.sock";

    private const int DefaultPort = 2375;

    /// <summary>Null: no ssh is needed.</summary>
    public SshAddress? Ssh { get; init; }

    /// <summary>A daemon behind ssh.</summary>
    public static Endpoint Over(SshAddress address) => new($"{SshAddress.Scheme}{address}", null, address.Host, address.Port) { Ssh = address };

    /// <summary>Reads "unix:///path", "tcp://host[:port]", "ssh://[user@]host[:port]", a bare "host:port", or nothing for the default.</summary>
    /// <exception cref="CliException">It is malformed, or a kind that is not there.</exception>
    public static Endpoint Parse(string text)
    {
        text = text.Trim();
        if (text.Length == 0)
        {
            text = Default;
        }

        int colon = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = colon < 0 ? "tcp" : text[..colon];
        string rest = colon < 0 ? text : text[(colon + 3)..];
        switch (scheme)
        {
            case "unix":
                return new Endpoint(text, rest.Length == 0 ? Default["unix://".Length..] : rest, "", 0);
            case "tcp" or "http":
                return Tcp(colon < 0 ? $"tcp://{text}" : text, rest);
            case "ssh":
                return Over(SshAddress.Parse(text));
            case "https" or "npipe" or "fd":
                throw new CliException($"cannot use the daemon address {text}: {scheme}:// is not there yet; use unix://PATH, tcp://HOST:PORT or ssh://HOST");
            default:
                throw new CliException($"unable to parse docker host `{text}`: use unix://PATH, tcp://HOST:PORT or ssh://HOST");
        }
    }

    /// <exception cref="ConnectionException">Nobody answers there.</exception>
    public HttpConnection Connect()
    {
        if (Ssh is null)
        {
            return new HttpConnection(Dial());
        }

        var tunnel = SshTunnel.Open(Ssh);
        return new HttpConnection(tunnel.Socket, tunnel);
    }

    private StreamSocket Dial()
    {
        try
        {
            return Path is null ? StreamSocket.ConnectTcp(Host, Port) : StreamSocket.ConnectUnix(Path);
        }
        catch (LinuxException e)
        {
            throw new ConnectionException(
                e.Errno == Errno.EACCES ? $"permission denied while trying to connect to the Berth daemon socket at {Text}: run as root, or as a member of the socket's group ('ls -l {Path}' shows it)"
                : e.Errno == Errno.ENOENT && Path is null ? $"Cannot connect to the Berth daemon at {Text}: no address is known for the host {Host}; /etc/hosts or the name server has to know it"
                : $"Cannot connect to the Berth daemon at {Text}. Is berthd running? ({Errno.Describe(e.Errno)}; 'service berthd start' starts it, -H or DOCKER_HOST names another address)");
        }
    }

    private static Endpoint Tcp(string text, string rest)
    {
        rest = rest.TrimEnd('/');
        int colon = rest.LastIndexOf(':');
        bool bracketed = rest.EndsWith(']');
        string host = colon < 0 || bracketed ? rest : rest[..colon];
        int port = DefaultPort;
        if (colon >= 0 && !bracketed && !int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
        {
            throw new CliException($"invalid bind address format: {text}: the port is no number");
        }

        host = host.Trim('[', ']');
        return new Endpoint(text, null, host.Length == 0 ? "localhost" : host, port);
    }
}
