using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Containers;

/// <summary>
/// berth port: the list as Docker prints it, and below it add and rm. Docker's form takes one or two words and those of ours at least
/// three, so a container named "add" or "rm" still has its list.
/// </summary>
internal static class Port
{
    public static Command Row { get; } = new("port", "CONTAINER [PRIVATE_PORT[/PROTO]]\nadd|rm CONTAINER PORT...", "Show where a container's ports are published, or change that")
    {
        Words = ArgumentRule.Between(1, 2),
        Spellings = ["container port", "port"],
        Completes = Completes.RunningContainers,
        CompletesNext = Completes.Nothing,
        Children = [PortChange.Add, PortChange.Remove],
        Run = Execute,
    };

    /// <summary>One line a binding of the ports that are wanted, in Docker's order.</summary>
    /// <param name="container">What inspect answered.</param>
    /// <param name="isWanted">Decides by the container's port, "80/tcp".</param>
    /// <param name="named">Whether the lines name that port.</param>
    public static List<string> Lines(JsonObject container, Func<string, bool> isWanted, bool named) =>
        container.Object("NetworkSettings").Object("Ports").Members.Where(p => isWanted(p.Key))
            .SelectMany(p => (p.Value as JsonList ?? JsonList.Empty).OfType<JsonObject>().Select(b => Line(p.Key, b, named)))
            .Order(NaturalOrder.Comparer).ToList();

    private static int Execute(Invocation call)
    {
        JsonObject container = Find(call, call.Words[0]);
        string? wanted = call.Words.Count > 1 ? call.Words[1] : null;
        string? key = wanted is null || wanted.Contains('/', StringComparison.Ordinal) ? wanted : $"{wanted}/tcp";
        List<string> lines = Lines(container, port => key is null || port == key, wanted is null);
        if (wanted is not null && lines.Count == 0)
        {
            throw new CliException($"Error: No public port '{wanted}' published for {call.Words[0]}");
        }

        lines.ForEach(call.Out.Line);
        return 0;
    }

    private static JsonObject Find(Invocation call, string name)
    {
        try
        {
            return Inspection.Container(call, name);
        }
        catch (ApiException e) when (e.Status == 404 && call.Command.Child(name) is Command change)
        {
            throw new CliException($"{e.Message}; to change ports: {call.Path} {change.Name} {change.Syntax}");
        }
    }

    private static string Line(string port, JsonObject binding, bool named)
    {
        string address = PortList.Join(binding.Text("HostIp"), binding.Text("HostPort"));
        return named ? $"{port} -> {address}" : address;
    }
}
