using Berth.Cli.CommandLine;
using Berth.Cli.Json;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Containers;

/// <summary>berth port.</summary>
internal static class Port
{
    public static Command Row { get; } = new("port", "CONTAINER [PRIVATE_PORT[/PROTO]]", "Show where a container's ports are published")
    {
        Words = ArgumentRule.Between(1, 2),
        Spellings = ["container port", "port"],
        Completes = Completes.RunningContainers,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        JsonObject ports = Inspection.Container(call, call.Words[0]).Object("NetworkSettings").Object("Ports");
        string? wanted = call.Words.Count > 1 ? call.Words[1] : null;
        string? key = wanted is null || wanted.Contains('/', StringComparison.Ordinal) ? wanted : $"{wanted}/tcp";
        List<string> lines = ports.Members.Where(p => key is null || p.Key == key)
            .SelectMany(p => (p.Value as JsonList ?? JsonList.Empty).OfType<JsonObject>().Select(b => Line(p.Key, b, wanted is null)))
            .Order(NaturalOrder.Comparer).ToList();
        if (wanted is not null && lines.Count == 0)
        {
            throw new CliException($"Error: No public port '{wanted}' published for {call.Words[0]}");
        }

        lines.ForEach(call.Out.Line);
        return 0;
    }

    private static string Line(string port, JsonObject binding, bool named)
    {
        string address = PortList.Join(binding.Text("HostIp"), binding.Text("HostPort"));
        return named ? $"{port} -> {address}" : address;
    }
}
