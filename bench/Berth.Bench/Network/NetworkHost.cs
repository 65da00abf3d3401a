namespace Berth.Bench.Network;

/// <summary>
/// The host of one daemon, a network namespace, and a client beside it in a namespace of its own; a veth pair joins them. Both go with the
/// mount namespace of the bench, for their names lie on a file system of its own.
/// </summary>
internal sealed class NetworkHost : IDisposable
{
    private readonly string name;

    /// <param name="name">Short: it is part of interface names.</param>
    /// <param name="number">Of the subnet between host and client: 10.201.NUMBER.0/24.</param>
    public NetworkHost(string name, int number)
    {
        this.name = name;
        Address = $"10.201.{number}.1";
        Ip("netns", "add", Space);
        Ip("netns", "add", ClientSpace);
        Ip("-n", Space, "link", "set", "lo", "up");
        Ip("-n", ClientSpace, "link", "set", "lo", "up");
        Ip("-n", Space, "link", "add", "up0", "type", "veth", "peer", "name", "up0", "netns", ClientSpace);
        Configure(Space, "up0", $"{Address}/24");
        Configure(ClientSpace, "up0", $"10.201.{number}.2/24");
        Ip("-n", ClientSpace, "route", "add", "default", "via", Address);
    }

    /// <summary>The daemon's namespace, by name.</summary>
    public string Space => $"bb-{name}";

    /// <summary>The client's namespace, by name.</summary>
    public string ClientSpace => $"bb-{name}-client";

    /// <summary>The host's address as its client sees it.</summary>
    public string Address { get; }

    /// <summary>A command line that runs in a namespace.</summary>
    public static string[] Inside(string space, params string[] command) => ["nsenter", $"--net=/run/netns/{space}", "--", .. command];

    /// <summary>The same in a process's namespace.</summary>
    public static string[] InsideOf(int pid, params string[] command) => ["nsenter", $"--net=/proc/{pid}/ns/net", "--", .. command];

    /// <summary>Joins the client with a container by a bare veth pair, no host between them.</summary>
    /// <param name="pid">A process of the container.</param>
    /// <returns>The container's address on it.</returns>
    public string JoinBare(int pid)
    {
        Ip("-n", ClientSpace, "link", "add", "bare0", "type", "veth", "peer", "name", "bare0", "netns", $"{pid}");
        Configure(ClientSpace, "bare0", "10.202.0.1/24");
        Command.Output("nsenter", InsideOf(pid, "ip", "address", "add", "10.202.0.2/24", "dev", "bare0")[1..]);
        Command.Output("nsenter", InsideOf(pid, "ip", "link", "set", "bare0", "up")[1..]);
        return "10.202.0.2";
    }

    public void Dispose()
    {
        Ip("netns", "delete", ClientSpace);
        Ip("netns", "delete", Space);
    }

    private static void Configure(string space, string link, string address)
    {
        Ip("-n", space, "address", "add", address, "dev", link);
        Ip("-n", space, "link", "set", link, "up");
    }

    private static void Ip(params string[] arguments) => Command.Output("ip", arguments);
}
