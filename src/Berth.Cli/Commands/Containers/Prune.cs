using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Text;
using Berth.Linux.Files;

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

    private static int Remove(Invocation call, string path, IEnumerable<string> filters, string what, string heading, string member)
    {
        if (!call.Arguments.Is("force") && !Confirm(call, $"WARNING! This will remove {what}.\nAre you sure you want to continue? [y/N] "))
        {
            return 0;
        }

        JsonObject answer = call.Api.Object("POST", new Query(path).Text("filters", ApiClient.Filters(filters)).ToString());
        IReadOnlyList<object?> removed = answer.List(member);
        if (removed.Count > 0)
        {
            call.Out.Line($"Deleted {heading}:");
            foreach (object? name in removed)
            {
                call.Out.Line(name as string ?? "");
            }

            call.Out.Line("");
        }

        call.Out.Line($"Total reclaimed space: {Units.Size(answer.Int("SpaceReclaimed"))}");
        return 0;
    }

    private static bool Confirm(Invocation call, string question)
    {
        call.Out.Write(question);
        call.Out.Flush();
        byte[] answer = new byte[64];
        int got = StandardStream.Input.Read(answer);
        return got > 0 && answer[0] is (byte)'y' or (byte)'Y';
    }
}
