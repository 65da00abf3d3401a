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

    public static Command Images { get; } = new("prune", "[OPTIONS]", "Remove images that nothing uses")
    {
        Flags = static () =>
        [
            Flag.Bool("all", "Remove all unused images, not just dangling ones", 'a'),
            Flag.List("filter", "Only those that fit, e.g. \"until=24h\"", check: FlagChecks.Filter, valueName: "filter"),
            Flag.Bool("force", "Do not ask", 'f'),
        ],
        Run = static call =>
        {
            bool all = call.Arguments.Is("all");
            string what = all ? "all images without at least one container associated to them" : "all dangling images";
            return Remove(call, "/images/prune", call.Arguments.All("filter").Append(all ? "dangling=false" : "dangling=true"), what, "Images", "ImagesDeleted");
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
                Run(call, "/networks/prune", call.Arguments.All("filter"), "Networks", "NetworksDeleted");
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

        call.Out.Line($"Total reclaimed space: {Units.Size(Run(call, path, filters, heading, member))}");
        return 0;
    }

    /// <summary>Has the daemon prune, says what went, and answers how many bytes that was.</summary>
    /// <param name="call">Whose output.</param>
    /// <param name="path">The operation.</param>
    /// <param name="filters">NAME=VALUE each.</param>
    /// <param name="heading">What went, as the heading says it.</param>
    /// <param name="member">The answer's list of it: names, or an image's names and ids.</param>
    public static long Run(Invocation call, string path, IEnumerable<string> filters, string heading, string member)
    {
        JsonObject answer = call.Api.Object("POST", new Query(path).Text("filters", ApiClient.Filters(filters)).ToString());
        IReadOnlyList<object?> gone = answer.List(member);
        if (gone.Count > 0)
        {
            call.Out.Line($"Deleted {heading}:");
            foreach (object? item in gone)
            {
                call.Out.Line(item is JsonObject image ? Removal(image) : item as string ?? "");
            }

            call.Out.Line("");
        }

        return answer.Int("SpaceReclaimed");
    }

    private static string Removal(JsonObject image) => image.Text("Untagged") is { Length: > 0 } name ? $"untagged: {name}" : $"deleted: {image.Text("Deleted")}";
}
