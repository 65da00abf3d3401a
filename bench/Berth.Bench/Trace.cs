using System.Diagnostics;
using System.Globalization;

namespace Berth.Bench;

/// <summary>
/// Where the time of one <c>berth run --rm busybox true</c> goes. Client, daemon and monitor append their marks to one file by one clock;
/// between two marks that follow from each other lies a step.
/// </summary>
internal static class Trace
{
    /// <summary>
    /// The chain from the client's first byte to the exec and on to the client's end: who marks, what, and in which words it is shown.
    /// What is done beside it at the same time (attach's own work in the daemon, the network while the root is mounted) is no step.
    /// </summary>
    private static readonly (string Program, string Mark, string Shown)[] Chain =
    [
        ("berth", "command read", ""),
        ("berthd", "ContainerCreate", "client connects and sends create; daemon reads its head"),
        ("berthd", "image resolved", "request read and checked, image found"),
        ("berthd", "snapshot prepared", "folders of the snapshot"),
        ("berthd", "container row", "container's row: one transaction"),
        ("berth", "created", "answer to the client"),
        ("berth", "attached", "attach and wait, both answered"),
        ("berthd", "ContainerStart", "client sends start; daemon reads its head"),
        ("berthd", "start row", "row of the intent: one transaction"),
        ("berthd", "root mounted", "overlay as a detached mount"),
        ("berthd", "network taken", "namespace out of the pool"),
        ("berthd", "bundle written", "config.json, monitor.json, hosts, resolv.conf"),
        ("berthd", "endpoint row", "row of the endpoint, begun before the bundle"),
        ("berthd", "monitor spawned", "monitor spawned"),
        ("monitor", "main", "monitor's runtime comes up"),
        ("monitor", "read", "monitor reads request and spec"),
        ("monitor", "prepared", "monitor's cgroup, log, socket"),
        ("monitor", "cgroup made", "container's cgroups with their limits"),
        ("monitor", "planned", "descriptors, plan"),
        ("monitor", "cloned", "clone3 with its namespaces"),
        ("monitor", Exec, "the plan: mounts, pivot_root, seccomp, exec"),
        ("monitor", "started", "state.json written, start told"),
        ("monitor", "exited", "program runs and ends"),
        ("monitor", "exit recorded", "exit.json written and synced"),
        ("berthd", "end heard", "daemon hears of it"),
        ("berthd", "end row", "row of the end: one transaction"),
        ("berthd", "given back", "mounts, cgroup and network given back"),
        ("berthd", "removed", "container removed"),
        ("berth", "exit code read", "answer of wait"),
    ];

    private const string Exec = "launched";

    /// <summary>Runs it so often, after one run that is dropped, and prints the means of the middle half of the rounds.</summary>
    /// <remarks>Medians of steps do not add up to the median of the whole; means do, and the slowest and fastest quarter of the rounds are noise.</remarks>
    /// <returns>0; 1 if the steps do not add up to 95 % of the whole.</returns>
    public static int Run(string root, string programs, string image, int rounds, TextWriter output)
    {
        string file = $"{root}/trace";
        using Engine berth = Engine.Berth(root, programs, file);
        berth.Load(image);
        var all = new List<Round>();
        for (int i = 0; i <= rounds * 4; i++)
        {
            File.WriteAllText(file, "");
            long begin = Stopwatch.GetTimestamp();
            double command = Command.Time(berth.Client, berth.With("run", "--rm", "busybox", "true"));
            if (i > 0)
            {
                all.Add(new Round(begin, command, Times(File.ReadAllLines(file))));
            }
        }

        Round[] middle = [.. all.OrderBy(r => r.ToExec).Skip(all.Count / 4).Take(all.Count / 2)];
        return Print(middle, all.Count, output);
    }

    private static int Print(Round[] rounds, int of, TextWriter output)
    {
        int exec = Position(Exec);
        double[] steps = [.. Enumerable.Range(0, Chain.Length).Select(i => i == 0 ? 0 : rounds.Average(r => r.Step(i)))];
        double sum = steps[1..(exec + 1)].Sum(), whole = rounds.Average(r => r.ToExec);
        output.WriteLine($"one berth run --rm busybox true, means of the {rounds.Length} middle ones of {of} rounds; shares are of the way from the client's first byte to the exec");
        output.WriteLine(Row("(client's process starts, command line read)", rounds.Average(r => r.Before), null));
        for (int i = 1; i < steps.Length; i++)
        {
            output.WriteLine(i <= exec ? Row(Chain[i].Shown, steps[i], steps[i] / whole) : Row($"({Chain[i].Shown})", steps[i], null));
            if (i == exec)
            {
                output.WriteLine(Row("= sum of the steps", sum, sum / whole));
                output.WriteLine(Row("= whole, first byte to exec", whole, 1));
            }
        }

        output.WriteLine(Row("(client ends)", rounds.Average(r => r.After), null));
        output.WriteLine(Row("= whole command", rounds.Average(r => r.Command), null));
        bool held = Math.Abs(1 - (sum / whole)) <= 0.05;
        output.WriteLine($"the steps add up to {sum / whole:P0} of the whole, bar 95 %: {(held ? "held" : "MISSED")}");
        return held ? 0 : 1;
    }

    private static string Row(string shown, double milliseconds, double? share) =>
        string.Create(CultureInfo.InvariantCulture, $"{shown,-62} {milliseconds,8:0.00} ms{(share is { } s ? $" {s * 100,6:0.0} %" : "")}");

    private static int Position(string mark) => Array.FindIndex(Chain, c => c.Mark == mark);

    private static double Milliseconds(long nanoseconds) => nanoseconds / 1e6;

    /// <summary>The chain's times in nanoseconds; the first line of each mark counts.</summary>
    private static long[] Times(string[] lines)
    {
        var times = new Dictionary<string, long>();
        foreach (string[] parts in lines.Select(l => l.Split(' ', 2)))
        {
            times.TryAdd(parts[1], long.Parse(parts[0], CultureInfo.InvariantCulture));
        }

        return [.. Chain.Select(c => times.TryGetValue($"{c.Program} {c.Mark}", out long time)
            ? time
            : throw new InvalidOperationException($"the trace has no mark \"{c.Program} {c.Mark}\":\n{string.Join('\n', lines)}"))];
    }

    /// <summary>One run: when the client's process was spawned, how long it took, the chain's times.</summary>
    private sealed record Round(long Begin, double Command, long[] Times)
    {
        public double ToExec => Milliseconds(Times[Position(Exec)] - Times[0]);

        public double Before => Milliseconds(Times[0] - Begin);

        public double After => Command - Milliseconds(Times[^1] - Begin);

        public double Step(int i) => Milliseconds(Times[i] - Times[i - 1]);
    }
}
