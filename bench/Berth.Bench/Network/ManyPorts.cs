using System.Diagnostics;
using System.Globalization;

namespace Berth.Bench.Network;

/// <summary>A start with a published port beside a thousand others, and with none.</summary>
internal sealed class ManyPorts(Engine docker, Engine berth, TextWriter output)
{
    private const int Holders = 10;

    public void Run(int rounds)
    {
        Measure(berth, "10 containers with 100 each", Holders, rounds * 3, 1.2);
        Measure(berth, "one container with 1,000", 1, rounds * 3, 1.2);
        Measure(docker, "10 containers with 100 each", Holders, rounds, null); // last: it takes minutes
    }

    private void Measure(Engine engine, string how, int holders, int rounds, double? bar)
    {
        double first = Starts(engine, rounds);
        var filling = new Stopwatch();
        int each = 1000 / holders;
        for (int i = 0; i < holders; i++)
        {
            string range = string.Create(CultureInfo.InvariantCulture, $"{20000 + (i * each)}-{20000 + ((i + 1) * each) - 1}");
            filling.Start();
            Command.Output(engine.Client, engine.With("run", "-d", "-p", $"{range}:{range}", "busybox", "sleep", "100000"));
            filling.Stop();
        }

        double more = Starts(engine, rounds);
        string verdict = bar is { } most ? $", bar {most}: {(more / first <= most ? "held" : "MISSED")}" : "";
        output.WriteLine($"{engine.Name}: start with a port, 1,000 others published ({how}; their start took {filling.ElapsedMilliseconds} ms): first {first:0.0} ms, one more {more:0.0} ms, ratio {more / first:0.00}{verdict}");
        engine.RemoveAll();
    }

    private static double Starts(Engine engine, int rounds)
    {
        var series = new Series("start");
        for (int round = 0; round <= rounds; round++)
        {
            double time = Command.Time(engine.Client, engine.With("run", "--rm", "-p", "19000:80", "busybox", "true"));
            if (round > 0)
            {
                series.Add(time);
            }
        }

        return series.Median;
    }
}
