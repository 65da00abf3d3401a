using Berth.Bench;
using Berth.Bench.Images;
using Berth.Bench.Network;

if (args is ["querier", .. var load])
{
    return Querier.Run(load);
}

int rounds = 7;
string? only = null;
string programs = "", image = "", networkImage = "", debian = "";
bool trace = false, network = false, images = false;
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--rounds": rounds = int.Parse(args[++i]); break;
        case "--only": only = args[++i]; break;
        case "--trace": trace = true; break;
        case "network": network = true; break;
        case "images": images = true; break;
        case "--programs": programs = args[++i]; break;
        case "--image": image = args[++i]; break;
        case "--network-image": networkImage = args[++i]; break;
        case "--debian": debian = args[++i]; break;
        case "--list": Console.WriteLine(network ? string.Join(' ', NetworkBench.Parts) : images ? string.Join(' ', ImageBench.Parts) : "stock own options exec twenty more memory resident floor"); return 0;
        default: Console.Error.WriteLine($"bench/run: unknown option {args[i]}"); return 2;
    }
}

bool Wanted(string name) => only is null || only == name;
string root = Directory.CreateTempSubdirectory("berth-bench-").FullName;
TextWriter output = Console.Out;
try
{
    if (trace)
    {
        return Trace.Run(root, programs, image, rounds, output);
    }

    if (network)
    {
        NetworkBench.Run(root, programs, image, networkImage, rounds, only, output);
        return 0;
    }

    if (images)
    {
        ImageBench.Run(root, programs, debian, image, rounds, only, output);
        return 0;
    }

    using Engine docker = Engine.Docker(root);
    using Engine berth = Engine.Berth(root, programs);
    long dockerAtStart = docker.ResidentKilobytes(), berthAtStart = berth.ResidentKilobytes();
    docker.Load(image);
    berth.Load(image);
    string[] trivial = ["run", "--rm", "busybox", "true"];
    string[] loaded = ["run", "--rm", "-m", "64m", "-v", "/tmp:/x", "--pids-limit", "50", "-e", "A=b", "-t", "busybox", "true"];

    if (Wanted("floor"))
    {
        var floor = new Series("floor");
        for (int i = 0; i <= rounds * 3; i++)
        {
            floor.Add(Command.Time("unshare", "--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup", "--fork", "/bin/true"));
        }

        output.WriteLine($"floor: clone with six new namespaces and exec, from a spawned program: median {floor.Median:0.0} ms");
    }

    if (Wanted("stock"))
    {
        new Work("run --rm busybox true, stock client on both", "dockerd", () => Command.Time("docker", docker.With(trivial)), () => Command.Time("docker", berth.With(trivial)), 0.25).Run(rounds, output);
    }

    if (Wanted("own"))
    {
        new Work("the same, berth against docker", "dockerd", () => Command.Time("docker", docker.With(trivial)), () => Command.Time(berth.Client, berth.With(trivial)), 0.12) { Rounds = rounds * 3 }.Run(rounds, output);
    }

    if (Wanted("options"))
    {
        new Work("with -m -v --pids-limit -e -t, against without", "without", () => Command.Time(berth.Client, berth.With(trivial)), () => Command.Time(berth.Client, berth.With(loaded)), 1.3) { Rounds = rounds * 3 }.Run(rounds, output);
    }

    if (Wanted("exec"))
    {
        string theirs = Command.Output("docker", docker.With("run", "-d", "busybox", "sleep", "10000"));
        string ours = Command.Output(berth.Client, berth.With("run", "-d", "busybox", "sleep", "10000"));
        new Work("exec C true", "dockerd", () => Command.Time("docker", docker.With("exec", theirs, "true")), () => Command.Time(berth.Client, berth.With("exec", ours, "true")), 0.25).Run(rounds, output);
        docker.RemoveAll();
        berth.RemoveAll();
    }

    if (Wanted("twenty"))
    {
        new Work("20 clients at once, run --rm", "dockerd", () => Command.TimeAtOnce(20, "docker", docker.With(trivial)), () => Command.TimeAtOnce(20, berth.Client, berth.With(trivial)), 0.15).Run(rounds, output);
    }

    if (Wanted("resident"))
    {
        output.WriteLine($"daemon resident at start: dockerd with containerd {dockerAtStart / 1024.0:0.0} MB, berthd {berthAtStart / 1024.0:0.0} MB, bar 30: {(berthAtStart <= 30 * 1024 ? "held" : "MISSED")}");
        for (int i = 0; i < 300; i++)
        {
            Command.Time(berth.Client, berth.With(trivial));
        }

        long after = berth.ResidentKilobytes();
        output.WriteLine($"berthd resident after 300 runs: {after / 1024.0:0.0} MB, bar 50: {(after <= 50 * 1024 ? "held" : "MISSED")}");
    }

    if (Wanted("more"))
    {
        (double first, double more) = Footprint.OneMore(berth, 300, rounds);
        output.WriteLine($"start with 300 running: first {first:0.0} ms, one more {more:0.0} ms, ratio {more / first:0.00}, bar 1.3: {(more / first <= 1.3 ? "held" : "MISSED")}");
    }

    if (Wanted("memory"))
    {
        var memory = new Series("memory");
        var disk = new Series("disk");
        for (int i = 0; i < 3; i++)
        {
            (double megabytes, double kilobytes) = Footprint.OfContainers(berth);
            memory.Add(megabytes);
            disk.Add(kilobytes);
        }

        output.WriteLine($"memory a running container (400 x sleep): berth {memory.Median:0.00} MB (median of 3), bar 1.5: {(memory.Median <= 1.5 ? "held" : "MISSED")}");
        output.WriteLine($"disk a container: berth {disk.Median:0.0} kB, bar 40: {(disk.Median <= 40 ? "held" : "MISSED")}");
        (double theirMegabytes, double theirKilobytes) = Footprint.OfContainers(docker); // last: it takes minutes
        output.WriteLine($"the same with dockerd: {theirMegabytes:0.00} MB, {theirKilobytes:0.0} kB");
    }
}
finally
{
    if (Directory.Exists(root))
    {
        Directory.Delete(root, recursive: true);
    }
}

return 0;
