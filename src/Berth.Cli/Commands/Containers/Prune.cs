using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Containers;

/// <summary>The prune commands: they ask before they remove.</summary>
internal static class Prune
{
    public static Command Containers { get; } = new("prune", "[OPTIONS]", "Remove every container that does not run")
    {
        Flags = static () => [Flag.List("filter", "Only those that fit, e.g. \"until=24h\"", check: FlagChecks.Filter, valueName: "filter"), Flag.Bool("force", "Do not ask", 'f')],
        Run = static call => Remove(call, "/containers/prune", call.Arguments.All("filter"), "all stopped containers", "Containers", "ContainersDeleted"),
    };

    public static Command Volumes { get; } = new("prune", "[OPTIONS]", "Remove volumes that no container uses")
    {
        Flags = static () =>
        [
            Flag.Bool("all", "Remove all unused volumes, not just anonymous ones", 'a'),
            Flag.List("filter", "Only those that fit, e.g. \"label=a\"", check: FlagChecks.Filter, valueName: "filter"),
            Flag.Bool("force", "Do not ask", 'f'),
        ],
        Run = static call =>
        {
            bool all = call.Arguments.Is("all");
            IEnumerable<string> filters = all ? call.Arguments.All("filter").Append("all=1") : call.Arguments.All("filter");
            string what = all ? "all local volumes not used by at least one container" : "anonymous local volumes not used by at least one container";
            return Remove(call, "/volumes/prune", filters, what, "Volumes", "VolumesDeleted");
        },
    };

    /// <summary>Networks take no space, so Docker's client says nothing where none went.</summary>
    public static Command Networks { get; } = new("prune", "[OPTIONS]", "Remove networks that no container uses")
    {
        Flags = static () =>
        [
            Flag.List("filter", "Only those that fit, e.g. \"until=24h\"", check: FlagChecks.Filter, valueName: "filter"),
            Flag.Bool("force", "Do not ask", 'f'),
        ],
        Run = static call =>
        {
            if (call.Arguments.Is("force") || Confirmation.Ask(call, "WARNING! This will remove all custom networks not used by at least one container."))
            {
                Deleted(call, "Networks", Ask(call, "/networks/prune", call.Arguments.All("filter")).List("NetworksDeleted"));
            }

            return 0;
        },
    };

    private static int Remove(Invocation call, string path, IEnumerable<string> filters, string what, string heading, string member)
    {
        if (!call.Arguments.Is("force") && !Confirmation.Ask(call, $"WARNING! This will remove {what}."))
        {
            return 0;
        }

        JsonObject answer = Ask(call, path, filters);
        Deleted(call, heading, answer.List(member));
        call.Out.Line($"Total reclaimed space: {Units.Size(answer.Int("SpaceReclaimed"))}");
        return 0;
    }

    private static JsonObject Ask(Invocation call, string path, IEnumerable<string> filters) =>
        call.Api.Object("POST", new Query(path).Text("filters", ApiClient.Filters(filters)).ToString());

    private static void Deleted(Invocation call, string heading, IReadOnlyList<object?> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        call.Out.Line($"Deleted {heading}:");
        foreach (object? name in names)
        {
            call.Out.Line(name as string ?? "");
        }

        call.Out.Line("");
    }
}
