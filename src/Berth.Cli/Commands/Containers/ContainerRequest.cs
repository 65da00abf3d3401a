using Berth.Cli.CommandLine;
using Berth.Cli.Json;
using Berth.Cli.Specs;

namespace Berth.Cli.Commands.Containers;

/// <summary>What run and create ask for: the request's body and what the client must know about it afterwards.</summary>
internal sealed class ContainerRequest
{
    private readonly Arguments given;
    private readonly bool detached;

    /// <exception cref="SpecException">A value is malformed or two exclude each other.</exception>
    public ContainerRequest(Arguments given, bool detached)
    {
        this.given = given;
        this.detached = detached;
        IReadOnlyList<string> streams = given.All("attach");
        bool all = streams.Count == 0;
        AttachStdin = !detached && (given.Is("interactive") || streams.Contains("stdin"));
        AttachStdout = !detached && (all || streams.Contains("stdout"));
        AttachStderr = !detached && (all || streams.Contains("stderr"));
        Refuse();
        Body = Write();
    }

    public string Image => given.Words[0];

    public string Name => given.Text("name");

    public bool Tty => given.Is("tty");

    public bool AttachStdin { get; }

    public bool AttachStdout { get; }

    public bool AttachStderr { get; }

    public bool AutoRemove => given.Is("rm");

    /// <summary>The JSON to send.</summary>
    public string Body { get; }

    // What is wrong whatever the daemon thinks of it.
    private void Refuse()
    {
        string pull = given.Text("pull", "missing");
        if (pull is not ("always" or "missing" or "never" or ""))
        {
            throw new SpecException($"invalid pull option: '{pull}': must be one of \"always\", \"missing\" or \"never\"");
        }

        if (given.Is("use-api-socket"))
        {
            throw new SpecException("--use-api-socket is not there yet; mount the socket with -v instead");
        }

        if (given.Given("mac-address") && !IpText.IsHardwareAddress(given.Text("mac-address").Trim()))
        {
            throw new SpecException($"{given.Text("mac-address")} is not a valid mac address");
        }

        if (given.Text("ip") is { Length: > 0 } ip && !IpText.IsV4(ip))
        {
            throw new SpecException($"invalid IPv4 address: {ip}");
        }

        if (given.Text("ip6") is { Length: > 0 } ip6 && !IpText.IsV6(ip6))
        {
            throw new SpecException($"invalid IPv6 address: {ip6}");
        }

        Namespace("pid", "PID", given.Text("pid") is var pid && (pid is "" or "host" || IsContainer(pid)));
        Namespace("uts", "UTS", given.Text("uts") is "" or "host");
        Namespace("userns", "USER", given.Text("userns") is "" or "host");
        Namespace("cgroupns", "CGROUP", given.Text("cgroupns") is "" or "host" or "private");
        Namespace("ipc", "IPC", given.Text("ipc") is var ipc && (ipc is "" or "host" or "none" or "private" or "shareable" || ipc.StartsWith("container:", StringComparison.Ordinal)));
    }

    private static void Namespace(string flag, string kind, bool good)
    {
        if (!good)
        {
            throw new SpecException($"--{flag}: invalid {kind} mode");
        }
    }

    private static bool IsContainer(string mode) => mode.StartsWith("container:", StringComparison.Ordinal) && mode.Length > "container:".Length;

    private string Write()
    {
        var volumes = given.All("volume").Distinct().Select(VolumeSpec.Parse).ToList();
        var ports = given.All("publish").SelectMany(PortSpec.Parse).ToList();
        var json = new JsonBuilder();
        WriteConfig(json, volumes, ports);
        var networks = new NetworkRequest(given);
        json.Object("HostConfig", host => new HostRequest(given).Write(host, volumes, ports, networks));
        networks.WriteEndpoints(json);
        return json.Close();
    }

    private void WriteConfig(JsonBuilder json, List<VolumeSpec> volumes, List<PortSpec> ports)
    {
        bool open = given.Is("interactive");
        json.Text("Hostname", Given("hostname")).Text("Domainname", Given("domainname")).Text("User", Given("user"))
            .Is("AttachStdin", AttachStdin).Is("AttachStdout", AttachStdout).Is("AttachStderr", AttachStderr)
            .Is("Tty", Tty).Is("OpenStdin", open).Is("StdinOnce", open && AttachStdin && !detached);
        json.List("Env", Pairs("env", "env-file", Environment.GetEnvironmentVariable) is { Count: > 0 } variables ? variables : null);
        if (given.Words.Count > 1)
        {
            json.List("Cmd", given.Words.Skip(1));
        }

        json.Text("Image", Image);
        Keys(json, "Volumes", volumes.Where(v => v.IsAnonymous).Select(v => v.Text));
        json.Text("WorkingDir", Given("workdir"));
        if (given.Given("entrypoint"))
        {
            json.List("Entrypoint", [given.Text("entrypoint")]);
        }

        json.Map("Labels", Labels() is { Count: > 0 } labels ? KeyValue.ToMap(labels) : null);
        json.Text("StopSignal", Given("stop-signal")).Int("StopTimeout", given.Given("stop-timeout") ? given.Int("stop-timeout") : null);
        new HealthRequest(given).Write(json);
        Keys(json, "ExposedPorts", ports.Select(p => p.Port).Concat(Exposed()).Distinct());
    }

    private string? Given(string flag) => given.Text(flag) is { Length: > 0 } text ? text : null;

    private List<string> Labels()
    {
        List<string> labels = Pairs("label", "label-file", null);
        if (Given("publish-policy") is string policy)
        {
            PublishPolicy.AddTo(labels, policy);
        }

        return labels;
    }

    private List<string> Pairs(string flag, string fileFlag, Func<string, string?>? lookup)
    {
        var pairs = new List<string>();
        foreach (string file in given.All(fileFlag))
        {
            pairs.AddRange(KeyValue.ReadFile(file, lookup));
        }

        pairs.AddRange(given.All(flag));
        return pairs;
    }

    private IEnumerable<string> Exposed()
    {
        foreach (string text in given.All("expose"))
        {
            int slash = text.IndexOf('/', StringComparison.Ordinal);
            string protocol = slash < 0 || slash + 1 == text.Length ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
            PortRange range = text.Contains(':', StringComparison.Ordinal)
                ? throw new SpecException($"invalid port format for --expose: {text}")
                : PortRange.TryParse(slash < 0 ? text : text[..slash]) ?? throw new SpecException($"invalid range format for --expose: {text}");
            foreach (int port in range.Numbers())
            {
                yield return $"{port}/{protocol}";
            }
        }
    }

    private static void Keys(JsonBuilder json, string name, IEnumerable<string> keys)
    {
        string[] all = keys.ToArray();
        if (all.Length > 0)
        {
            json.Object(name, inner =>
            {
                foreach (string key in all)
                {
                    inner.Object(key, static _ => { });
                }
            });
        }
    }
}
