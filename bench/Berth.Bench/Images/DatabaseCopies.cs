using System.Diagnostics;
using System.Globalization;

namespace Berth.Bench.Images;

/// <summary>One snapshot of a Redis, run many times at once (P7): disk and memory that a copy adds, and the time until all answer.</summary>
internal sealed class DatabaseCopies(string debian, Engine berth, TextWriter output)
{
    private const int Copies = 200, AtOnce = 8, Keys = 100_000;
    private const string Answers = "until [ \"$(redis-cli PING 2>/dev/null)\" = PONG ]; do sleep 0.02; done; redis-cli DBSIZE";

    private static readonly string[] Server = ["redis-server", "--dir", "/var/lib/redis", "--save", "", "--protected-mode", "no"];

    public void Run()
    {
        Berth("import", debian, "services");
        Berth(["run", "-d", "--name", "origin", "services", .. Server]);
        Expect(Berth("exec", "origin", "sh", "-c", Answers), "0");
        Berth("exec", "origin", "redis-cli", "EVAL", $"for i=1,{Keys} do redis.call('SET','key:'..i,'value:'..i) end", "0");
        Berth("exec", "origin", "redis-cli", "SAVE");
        Berth("stop", "-t", "0", "origin");
        Berth("commit", "-c", $"CMD [{string.Join(", ", Server.Select(static w => $"\"{w}\""))}]", "origin", "database");
        Berth("rm", "origin");

        Footprint.Settle();
        long disk = berth.DiskBytes(), memory = Footprint.Available();
        long start = Stopwatch.GetTimestamp();
        Each(i => Berth("run", "-d", "--name", Name(i), "database"));
        double started = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Each(i => Expect(Berth("exec", Name(i), "sh", "-c", Answers), Keys.ToString(CultureInfo.InvariantCulture)));
        double answered = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Footprint.Settle();
        double kilobytes = (berth.DiskBytes() - disk) / 1024.0 / Copies, megabytes = (memory - Footprint.Available()) / 1024.0 / Copies;
        output.WriteLine(
            $"{Copies} copies of a database of {Keys} keys, {AtOnce} clients: all started after {started:0.0} s, all answer after {answered:0.0} s; a copy adds {kilobytes:0} KB of disk and {megabytes:0.0} MB of memory");
        berth.RemoveAll();
        Berth("rmi", "database", "services");
    }

    private static string Name(int copy) => $"copy{copy.ToString(CultureInfo.InvariantCulture)}";

    private static void Each(Action<int> work) => Parallel.For(0, Copies, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, work);

    private static void Expect(string actual, string expected)
    {
        if (actual != expected)
        {
            throw new InvalidOperationException($"a copy of the database has {actual} keys instead of {expected}");
        }
    }

    private string Berth(params string[] arguments) => Command.Output(berth.Client, berth.With(arguments));
}
