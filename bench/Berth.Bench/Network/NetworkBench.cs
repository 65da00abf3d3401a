namespace Berth.Bench.Network;

/// <summary>The bars of networks: Debian's dockerd and berthd, each on a host of its own, in one run.</summary>
internal sealed class NetworkBench(Engine docker, NetworkHost dockerHost, Engine berth, NetworkHost berthHost, int rounds, TextWriter output)
{
    /// <summary>Names of the parts, as --only takes them.</summary>
    public static readonly string[] Parts = ["start", "throughput", "connect", "ports", "names"];

    public static void Run(string root, string programs, string image, string networkImage, int rounds, string? only, TextWriter output)
    {
        using var dockerHost = new NetworkHost("docker", 1);
        using var berthHost = new NetworkHost("berth", 2);
        using Engine docker = Engine.Docker(root, dockerHost.Space);
        using Engine berth = Engine.Berth(root, programs, trace: null, berthHost.Space);
        foreach (Engine engine in (Engine[])[docker, berth])
        {
            engine.Load(image);
            Command.Output("docker", engine.With("import", networkImage, "iperf3"));
        }

        output.WriteLine($"networks; load of the machine before: {File.ReadAllText("/proc/loadavg").TrimEnd()} on {Environment.ProcessorCount} processors");
        var bench = new NetworkBench(docker, dockerHost, berth, berthHost, rounds, output);
        foreach ((string name, Action part) in bench.All().Where(p => only is null || only == p.Name))
        {
            part();
            output.WriteLine($"  ({name}: load after {File.ReadAllText("/proc/loadavg")[..4]})");
        }
    }

    private IEnumerable<(string Name, Action Part)> All() =>
    [
        ("start", Start),
        ("throughput", () => new Throughput(docker, dockerHost, berth, berthHost, output).Run(rounds)),
        ("connect", Connect),
        ("ports", () => new ManyPorts(docker, berth, output).Run(rounds)),
        ("names", () => new Names(docker, berth, output).Run(rounds)),
    ];

    // What a network adds to a start. Rounds are many: the difference is small beside the whole.
    private void Start()
    {
        Command.Output("docker", docker.With("network", "create", "user"));
        Command.Output("docker", berth.With("network", "create", "user"));
        var series = new Dictionary<(Engine, string), Series>();
        string[] networks = ["none", "bridge", "user"];
        for (int round = 0; round <= rounds * 3; round++)
        {
            foreach (Engine engine in (Engine[])[docker, berth])
            {
                foreach (string network in networks)
                {
                    double time = Command.Time(engine.Client, engine.With("run", "--rm", "--net", network, "busybox", "true"));
                    Series one = series.TryGetValue((engine, network), out Series? known) ? known : series[(engine, network)] = new Series(network);
                    if (round > 0)
                    {
                        one.Add(time);
                    }
                }
            }
        }

        foreach (string network in networks[1..])
        {
            double ours = Difference(berth, network), theirs = Difference(docker, network);
            string bar = network == "bridge" ? $", bar 15: {(ours <= 15 ? "held" : "MISSED")}" : "";
            output.WriteLine($"run --rm with --net {network} minus --net none: berth {ours:0.0} ms (none {series[(berth, "none")].Median:0.0}, p95 {series[(berth, network)].Percentile95:0.0}), dockerd {theirs:0.0} ms (none {series[(docker, "none")].Median:0.0}){bar}");
        }

        double Difference(Engine engine, string network) => series[(engine, network)].Median - series[(engine, "none")].Median;
    }

    private void Connect()
    {
        foreach (Engine engine in (Engine[])[docker, berth])
        {
            Command.Output("docker", engine.With("network", "create", "home"));
            Command.Output("docker", engine.With("network", "create", "other"));
            Command.Output("docker", engine.With("run", "-d", "--name", "mover", "--net", "home", "busybox", "sleep", "100000"));
        }

        using var theirApi = new EngineApi(docker);
        using var ourApi = new EngineApi(berth);
        foreach (string verb in (string[])["connect", "disconnect"])
        {
            string back = verb == "connect" ? "disconnect" : "connect";
            double Api(EngineApi api, string doing) => api.Post($"/networks/other/{doing}", """{"Container":"mover"}""");
            double Both(Func<double> counted, Action undo)
            {
                double time = counted();
                undo();
                return time;
            }

            if (verb == "disconnect")
            {
                Api(theirApi, "connect");
                Api(ourApi, "connect");
            }

            new Work($"network {verb}, the request alone", "dockerd", () => Both(() => Api(theirApi, verb), () => Api(theirApi, back)), () => Both(() => Api(ourApi, verb), () => Api(ourApi, back)), 0.2) { Rounds = rounds * 3 }.Run(rounds, output);
            new Work(
                $"network {verb}, berth against docker",
                "dockerd",
                () => Both(() => Command.Time("docker", docker.With("network", verb, "other", "mover")), () => Api(theirApi, back)),
                () => Both(() => Command.Time(berth.Client, berth.With("network", verb, "other", "mover")), () => Api(ourApi, back)),
                0.2).Run(rounds, output);
        }

        docker.RemoveAll();
        berth.RemoveAll();
    }
}
