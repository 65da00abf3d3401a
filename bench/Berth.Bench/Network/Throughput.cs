using System.Globalization;
using System.Text.Json;

namespace Berth.Bench.Network;

/// <summary>
/// One TCP stream of iperf3 into a container's published port: from a client in a namespace of its own by way of the host, from the host's
/// loopback, and, as the yardstick, from the same client to the same server over a veth pair that joins them directly.
/// </summary>
internal sealed class Throughput(Engine docker, NetworkHost dockerHost, Engine berth, NetworkHost berthHost, TextWriter output)
{
    private const string Seconds = "1";
    private const string Port = "25201";

    public void Run(int rounds)
    {
        string bare = "";
        foreach ((Engine engine, NetworkHost host) in ((Engine, NetworkHost)[])[(docker, dockerHost), (berth, berthHost)])
        {
            string id = Command.Output("docker", engine.With("run", "-d", "-p", $"{Port}:5201", "iperf3", "iperf3", "-s"));
            int pid = int.Parse(Command.Output("docker", engine.With("inspect", "-f", "{{.State.Pid}}", id)), CultureInfo.InvariantCulture);
            bare = host.JoinBare(pid);
        }

        (string Name, string Space, string Address, string Port)[] ways =
        [
            ("dockerd outside", dockerHost.ClientSpace, dockerHost.Address, Port),
            ("berth outside", berthHost.ClientSpace, berthHost.Address, Port),
            ("bare veth", berthHost.ClientSpace, bare, "5201"),
            ("dockerd 127.0.0.1", dockerHost.Space, "127.0.0.1", Port),
            ("berth 127.0.0.1", berthHost.Space, "127.0.0.1", Port),
            ("dockerd [::1]", dockerHost.Space, "::1", Port),
            ("berth [::1]", berthHost.Space, "::1", Port),
        ];
        var series = ways.ToDictionary(w => w.Name, w => new Series(w.Name));
        var cost = ways.ToDictionary(w => w.Name, w => new Series(w.Name));
        for (int round = 0; round <= rounds * 2; round++)
        {
            foreach ((string name, string space, string address, string port) in ways)
            {
                (double rate, double processor) = Rate(space, address, port);
                if (round > 0)
                {
                    series[name].Add(rate);
                    cost[name].Add(processor);
                }
            }
        }

        output.WriteLine($"one TCP stream of {Seconds} s, Gbit/s (medians): {string.Join(", ", series.Values.Select(s => $"{s.Name} {s.Median:0.00} ({s.Minimum:0.0} to {s.Maximum:0.0})"))}");
        output.WriteLine($"processor time of client and server, s/Gbit (medians; a proxy's is not in it): {string.Join(", ", cost.Values.Select(s => $"{s.Name} {s.Median:0.000}"))}");
        Print("published port from another namespace, to dockerd's", "berth outside", "dockerd outside", 0.98);
        Print("published port from another namespace, to a bare veth pair", "berth outside", "bare veth", 0.95);
        Print("published port from 127.0.0.1, to dockerd's proxy", "berth 127.0.0.1", "dockerd 127.0.0.1", 2);
        Print("published port from [::1], to dockerd's proxy", "berth [::1]", "dockerd [::1]", null);
        docker.RemoveAll();
        berth.RemoveAll();

        void Print(string what, string ours, string theirs, double? bar)
        {
            double ratio = series[ours].Median / series[theirs].Median;
            output.WriteLine($"{what}: ratio {ratio:0.00}{(bar is { } least ? $", bar {least}: {(ratio >= least ? "held" : "MISSED")}" : "")}");
        }
    }

    private static (double Rate, double Processor) Rate(string space, string address, string port)
    {
        string json = Command.Output("nsenter", NetworkHost.Inside(space, "iperf3", "-c", address, "-p", port, "-t", Seconds, "-J")[1..]);
        using JsonDocument report = JsonDocument.Parse(json);
        JsonElement end = report.RootElement.GetProperty("end"), used = end.GetProperty("cpu_utilization_percent");
        double rate = end.GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e9;
        return (rate, (used.GetProperty("host_total").GetDouble() + used.GetProperty("remote_total").GetDouble()) / 100 / rate);
    }
}
