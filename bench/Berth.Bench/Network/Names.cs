using System.Diagnostics;
using System.Globalization;

namespace Berth.Bench.Network;

/// <summary>
/// Containers on one network resolve each other's names. The queriers are programs in several containers' network namespaces at once, asking
/// 127.0.0.11 over UDP for names of all containers in turn. Closed loop, as wrk does it: so many queriers, each with one query under way and the
/// next one right after the answer. Open loop: so many queries a second, whether answers come or not.
/// </summary>
internal sealed class Names(Engine docker, Engine berth, TextWriter output)
{
    private const int Containers = 500;
    private const int AtOnce = 8;
    private const int Asking = 10; // containers with queriers
    private const double BarMilliseconds = 1;

    public void Run(int rounds)
    {
        // dockerd takes minutes for 500, and 7 MB for each: it gets a tenth, which does not matter to a lookup.
        (Engine, int)[] engines = [(docker, Containers / 10), (berth, Containers)];
        foreach ((Engine engine, int count) in engines)
        {
            Command.Output("docker", engine.With("network", "create", "names"));
            for (int i = 0; i < count; i += AtOnce)
            {
                Parallel.For(i, Math.Min(i + AtOnce, count), n => Command.Output(engine.Client, engine.With("run", "-d", "--net", "names", "--name", $"n{n}", "busybox", "sleep", "100000")));
            }
        }

        int[] theirs = Pids(docker), ours = Pids(berth);
        foreach ((string load, string[] arguments, bool hasBar) in Loads())
        {
            var results = new Dictionary<string, (Series Median, Series Slow, Series Rate, long Lost)>();
            for (int round = 0; round <= rounds; round++)
            {
                foreach ((string name, int[] pids, int count) in ((string, int[], int)[])[("dockerd", theirs, Containers / 10), ("berth", ours, Containers)])
                {
                    LoadResult result = Load(pids, [.. arguments, $"{count}"]);
                    (Series Median, Series Slow, Series Rate, long Lost) sum = results.TryGetValue(name, out var known) ? known : (new("median"), new("p99"), new("rate"), 0);
                    if (round > 0)
                    {
                        sum.Median.Add(result.Median);
                        sum.Slow.Add(result.Percentile99);
                        sum.Rate.Add(result.PerSecond);
                        sum.Lost += result.Lost;
                    }

                    results[name] = sum;
                }
            }

            double median = results["berth"].Median.Median;
            string verdict = hasBar ? $", bar {BarMilliseconds} ms: {(median <= BarMilliseconds ? "held" : "MISSED")}" : "";
            output.WriteLine($"names, {load}: {string.Join("; ", results.Select(r => $"{r.Key} median {r.Value.Median.Median:0.000} ms, p99 {r.Value.Slow.Median:0.00} ms, {r.Value.Rate.Median:0}/s, {r.Value.Lost} lost"))}{verdict}");
        }

        berth.RemoveAll();
        docker.RemoveAll();
    }

    private static (string Load, string[] Arguments, bool HasBar)[] Loads() =>
    [
        ($"closed loop, {Asking} queriers in {Asking} of {Containers} containers (dockerd: of {Containers / 10})", ["closed", "1"], true),
        ($"closed loop, {Asking * 5} queriers in {Asking} containers", ["closed", "5"], false),
        ($"open loop, 2,000 queries a second from {Asking} containers", ["open", "200"], true),
        ($"open loop, 5,000 queries a second from {Asking} containers", ["open", "500"], false),
    ];

    private static int[] Pids(Engine engine) =>
        [.. Enumerable.Range(0, Asking).Select(n => int.Parse(Command.Output("docker", engine.With("inspect", "-f", "{{.State.Pid}}", $"n{n}")), CultureInfo.InvariantCulture))];

    private static LoadResult Load(int[] pids, string[] arguments)
    {
        // All begin to count at the same moment, when each has long been up and warm.
        string begin = (Stopwatch.GetTimestamp() + (2 * Stopwatch.Frequency)).ToString(CultureInfo.InvariantCulture);
        string[] files = [.. pids.Select(_ => Path.GetTempFileName())];
        Process[] queriers = [.. pids.Select((pid, i) => Process.Start("nsenter", NetworkHost.InsideOf(pid, [Environment.ProcessPath!, "querier", files[i], begin, .. arguments])[1..]))];
        foreach (Process querier in queriers)
        {
            querier.WaitForExit();
            if (querier.ExitCode != 0)
            {
                throw new InvalidOperationException($"a querier ended with {querier.ExitCode}");
            }

            querier.Dispose();
        }

        return LoadResult.Of(files);
    }
}
