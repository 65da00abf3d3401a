using System.Globalization;

namespace Berth.Bench.Images;

/// <summary>The bars of images: Debian's dockerd and berthd with the stock client on both, the same bytes for both, in one run.</summary>
internal sealed class ImageBench(string root, string debian, Engine docker, Engine berth, int rounds, TextWriter output)
{
    /// <summary>Names of the parts, as --only takes them.</summary>
    public static readonly string[] Parts = ["floor", "load", "pull", "save", "commit", "list", "copies", "database", "resume"];

    private const int Layers = 40, Listed = 1000, Copies = 1000;

    private readonly string _one = $"{root}/one.tar", _forty = $"{root}/forty.tar";

    /// <param name="root">Where daemons and archives are.</param>
    /// <param name="programs">The folder with our programs.</param>
    /// <param name="debian">A Debian root file system of about 200 MB as a tar archive.</param>
    /// <param name="busybox">An image that both daemons load.</param>
    /// <param name="rounds">Counted rounds; one more goes before.</param>
    /// <param name="only">One part; null: all.</param>
    /// <param name="output">Where the rows go.</param>
    public static void Run(string root, string programs, string debian, string busybox, int rounds, string? only, TextWriter output)
    {
        using Engine docker = Engine.Docker(root);
        using Engine berth = Engine.Berth(root, programs);
        docker.Load(busybox);
        berth.Load(busybox);
        var bench = new ImageBench(root, debian, docker, berth, rounds, output);
        bench.MakeArchives();
        output.WriteLine($"images; load of the machine before: {File.ReadAllText("/proc/loadavg").TrimEnd()} on {Environment.ProcessorCount} processors");
        foreach ((string name, Action part) in bench.All().Where(p => only is null || only == p.Name))
        {
            part();
            output.WriteLine($"  ({name}: load after {File.ReadAllText("/proc/loadavg")[..4]})");
        }
    }

    private IEnumerable<(string Name, Action Part)> All() =>
    [
        ("floor", Floor),
        ("load", Load),
        ("pull", Pull),
        ("save", Save),
        ("commit", Commit),
        ("list", List),
        ("copies", OneImageManyCopies),
        ("database", () => new DatabaseCopies(debian, berth, output).Run()),
        ("resume", () => new Resume(root, berth, output).Run()),
    ];

    private void MakeArchives()
    {
        ImageArchive.Write(_one, "one:1", [debian]);
        string parts = Directory.CreateDirectory($"{root}/parts").FullName;
        ImageArchive.Write(_forty, "forty:1", ImageArchive.Split(debian, Layers, parts));
        Directory.Delete(parts, recursive: true);
    }

    // What the machine needs for the same bytes without any engine.
    private void Floor()
    {
        var untar = new Series("tar x");
        var gunzip = new Series("gzip -dc");
        var hash = new Series("sha256sum");
        Command.Output("sh", "-c", $"gzip -c {debian} > {root}/debian.tar.gz");
        for (int round = 0; round <= rounds; round++)
        {
            string folder = Directory.CreateDirectory($"{root}/untarred").FullName;
            double tar = Command.Time("tar", "--extract", "--file", debian, "--directory", folder, "--numeric-owner", "--xattrs");
            Command.Output("rm", "-rf", folder);
            double gzip = Command.Time("sh", "-c", $"gzip -dc {root}/debian.tar.gz > /dev/null"), sha = Command.Time("sh", "-c", $"sha256sum {debian} > /dev/null");
            if (round > 0)
            {
                untar.Add(tar);
                gunzip.Add(gzip);
                hash.Add(sha);
            }
        }

        output.WriteLine($"floors for the same {new FileInfo(debian).Length / 1e6:0} MB: tar x {untar.Median:0} ms, gzip -dc {gunzip.Median:0} ms, sha256sum {hash.Median:0} ms");
    }

    private void Load()
    {
        foreach ((string archive, string name, string what) in (ReadOnlySpan<(string, string, string)>)[(_one, "one:1", "1 layer"), (_forty, "forty:1", $"{Layers} layers")])
        {
            double Once(Engine engine)
            {
                double time = Command.Time("docker", engine.With("load", "-q", "-i", archive));
                Command.Output("docker", engine.With("rmi", name));
                return time;
            }

            new Work($"load, 200 MB in {what}", "dockerd", () => Once(docker), () => Once(berth), 0.4).Run(rounds, output);
        }
    }

    private void Pull()
    {
        using var registry = new Registry(root);
        foreach ((string archive, string name, string what) in (ReadOnlySpan<(string, string, string)>)[(_one, "one:1", "1 layer"), (_forty, "forty:1", $"{Layers} layers")])
        {
            registry.Push(archive, name);
            string reference = $"127.0.0.1:{registry.Port}/{name}";
            double Once(Engine engine)
            {
                double time = Command.Time("docker", engine.With("pull", "-q", reference));
                Command.Output("docker", engine.With("rmi", reference));
                return time;
            }

            new Work($"pull, 200 MB in {what}", "dockerd", () => Once(docker), () => Once(berth), 0.35).Run(rounds, output);
        }
    }

    private void Save()
    {
        foreach ((string archive, string name, string what) in (ReadOnlySpan<(string, string, string)>)[(_one, "one:1", "1 layer"), (_forty, "forty:1", $"{Layers} layers")])
        {
            docker.Load(archive);
            berth.Load(archive);
            double Once(Engine engine)
            {
                double time = Command.Time("docker", engine.With("save", "-o", $"{root}/saved.tar", name));
                File.Delete($"{root}/saved.tar");
                return time;
            }

            new Work($"save, 200 MB in {what}", "dockerd", () => Once(docker), () => Once(berth), 0.5).Run(rounds, output);
            Command.Output("docker", docker.With("rmi", name));
            Command.Output("docker", berth.With("rmi", name));
        }
    }

    private void Commit()
    {
        double Once(Engine engine)
        {
            Command.Output("docker", engine.With("run", "--name", "changed", "busybox", "dd", "if=/dev/urandom", "of=/changed", "bs=1M", "count=50"));
            double time = Command.Time("docker", engine.With("commit", "changed", "committed"));
            Command.Output("docker", engine.With("rm", "changed"));
            Command.Output("docker", engine.With("rmi", "committed"));
            return time;
        }

        new Work("commit of 50 MB", "dockerd", () => Once(docker), () => Once(berth), 0.5).Run(rounds, output);
    }

    private void List()
    {
        string layer = $"{root}/small.tar", file = $"{root}/small";
        File.WriteAllText(file, "small");
        Command.Output("tar", "--create", "--file", layer, "--directory", root, "small");
        string archive = $"{root}/many.tar";
        ImageArchive.Write(archive, [.. Enumerable.Range(0, Listed).Select(i => ($"many:{i.ToString(CultureInfo.InvariantCulture)}", (IReadOnlyList<string>)[layer]))]);
        Series empty = new("images");
        for (int i = 0; i < rounds * 3; i++)
        {
            empty.Add(Command.Time("docker", berth.With("images", "-q")));
        }

        output.WriteLine($"floor: the stock client with hardly an image to list {empty.Median:0.0} ms");
        docker.Load(archive);
        berth.Load(archive);
        new Work($"images, {Listed} of them", "dockerd", () => Command.Time("docker", docker.With("images", "-q")), () => Command.Time("docker", berth.With("images", "-q")), 0.3) { Rounds = rounds * 3 }.Run(rounds, output);
        new Work("the same, berth against docker", "dockerd", () => Command.Time("docker", docker.With("images")), () => Command.Time(berth.Client, berth.With("images")), 0.3) { Rounds = rounds * 3 }.Run(rounds, output);
        foreach (Engine engine in (Engine[])[docker, berth])
        {
            foreach (string[] some in Enumerable.Range(0, Listed).Select(i => $"many:{i.ToString(CultureInfo.InvariantCulture)}").Chunk(200))
            {
                Command.Output("docker", engine.With(["rmi", .. some]));
            }
        }
    }

    // P4: one image of 1 GB serves a thousand containers.
    private void OneImageManyCopies()
    {
        Command.Output("docker", berth.With("run", "--name", "big", "busybox", "dd", "if=/dev/urandom", "of=/big", "bs=1M", "count=1000"));
        Command.Output("docker", berth.With("commit", "big", "big"));
        Command.Output("docker", berth.With("rm", "big"));
        long before = berth.DiskBytes();
        for (int i = 0; i < Copies; i++)
        {
            Command.Output(berth.Client, berth.With("run", "-d", "--net", "none", "big", "sleep", "100000"));
        }

        double megabytes = (berth.DiskBytes() - before) / 1e6;
        output.WriteLine($"{Copies} containers on an image of 1 GB ({before / 1e6:0} MB on disk): {megabytes:0.0} MB more, bar 40: {(megabytes <= 40 ? "held" : "MISSED")}");
        berth.RemoveAll();
        Command.Output("docker", berth.With("rmi", "big"));
    }
}
