using System.Text;

using Berth.Cli.CommandLine;
using Berth.Cli.Commands.Containers;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Engine;

/// <summary>berth system prune: containers, networks, volumes and images that nothing uses, in that order, as each may hold the next.</summary>
internal static class SystemPrune
{
    public static Command Row { get; } = new("prune", "[OPTIONS]", "Remove what nothing uses")
    {
        Flags = static () =>
        [
            Flag.Bool("all", "Remove all unused images, not just dangling ones", 'a'),
            Flag.List("filter", "Only those that fit, e.g. \"label=a\"", check: FlagChecks.Filter, valueName: "filter"),
            Flag.Bool("force", "Do not ask", 'f'),
            Flag.Bool("volumes", "Remove anonymous volumes too"),
        ],
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        Arguments given = call.Arguments;
        bool all = given.Is("all"), volumes = given.Is("volumes");
        IReadOnlyList<string> filters = [.. given.All("filter")];
        if (volumes && filters.Any(static f => f.StartsWith("until=", StringComparison.Ordinal)))
        {
            throw new CliException("ERROR: The \"until\" filter is not supported with \"--volumes\"");
        }

        if (!given.Is("force") && !Confirmation.Ask(call, Warning(all, volumes, filters)))
        {
            return 0;
        }

        long space = Prune.Run(call, "/containers/prune", filters, "Containers", "ContainersDeleted");
        space += Prune.Run(call, "/networks/prune", filters, "Networks", "NetworksDeleted");
        space += volumes ? Prune.Run(call, "/volumes/prune", filters, "Volumes", "VolumesDeleted") : 0;
        space += Prune.Run(call, "/images/prune", filters.Append(all ? "dangling=false" : "dangling=true"), "Images", "ImagesDeleted");
        call.Out.Line($"Total reclaimed space: {Units.Size(space)}");
        return 0;
    }

    private static string Warning(bool all, bool volumes, IReadOnlyList<string> filters)
    {
        var text = new StringBuilder("WARNING! This will remove:\n  - all stopped containers\n  - all networks not used by at least one container\n");
        text.Append(volumes ? "  - all anonymous volumes not used by at least one container\n" : "");
        text.Append(all ? "  - all images without at least one container associated to them\n" : "  - all dangling images\n");
        if (filters.Count > 0)
        {
            text.Append("\n  Items to be pruned will be filtered with:\n");
            filters.Order(StringComparer.Ordinal).ToList().ForEach(filter => text.Append("  - ").Append(filter).Append('\n'));
        }

        return text.ToString();
    }
}
