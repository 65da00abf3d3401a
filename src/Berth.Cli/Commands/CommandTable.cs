using Berth.Cli.CommandLine;
using Berth.Cli.Commands.Completion;
using Berth.Cli.Commands.Containers;
using Berth.Cli.Commands.Images;
using Berth.Cli.Commands.Networks;
using Berth.Cli.Commands.Engine;
using Berth.Cli.Commands.Volumes;

namespace Berth.Cli.Commands;

/// <summary>Every command, in the order help lists them.</summary>
internal static class CommandTable
{
    /// <summary>Docker's commands that are still to come: asked for, they say so instead of "unknown command".</summary>
    private static readonly string[] ToCome =
    [
        "build", "builder", "buildx", "checkpoint", "compose", "config", "context", "cp",
        "node", "plugin", "secret", "service", "stack", "swarm", "trust", "update",
    ];

    private static readonly string[] ContainersToCome = ["cp", "update"];
    private static readonly string[] ImagesToCome = ["build"];

    public static Command[] Rows { get; } =
    [
        Containers.Run.Row, Exec.Row, Containers.List.Row, Pull.Row, Push.Row, Images.List.Row, Login.Row, Login.Out, Search.Row, Engine.Version.Row, Info.Row,
        Group("container", "Manage containers",
        [
            Attach.Row, Commit.Row, Containers.Create.Row, Containers.Difference.Row, Exec.Row, Export.Row, Inspect.Of("container", "CONTAINER", Completes.Containers), Lifecycle.Kill, Logs.Row,
            Containers.List.Row with { Name = "ls", Aliases = ["list", "ps"] }, Lifecycle.Pause, Port.Row, Prune.Containers, Lifecycle.Rename, Lifecycle.Restart, Lifecycle.Remove,
            Containers.Run.Row, Start.Row, Stats.Row, Lifecycle.Stop, Top.Row, Lifecycle.Unpause, Lifecycle.Wait, .. Later(ContainersToCome),
        ]),
        Group("image", "Manage images",
        [
            Images.Difference.Row, History.Row, Archives.Import, Inspect.Of("image", "IMAGE", Completes.Images), Archives.Load,
            Images.List.Row with { Name = "ls", Aliases = ["list"] }, Pull.Row, Push.Row, Prune.Images, Names.Remove with { Name = "rm", Aliases = ["remove"] }, Save.Row, Names.Tag,
            LayerTree.Row, .. Later(ImagesToCome),
        ]),
        Group("manifest", "Manage manifests of images in registries, and lists of them",
        [
            Manifests.Annotate.Row, Manifests.Create.Row, Manifests.Inspect.Row, Manifests.Push.Row, Manifests.Remove.Row,
        ]),
        Group("network", "Manage networks",
        [
            Check.Row, Connect.Row, Networks.Create.Row, Connect.Disconnect, Inspect.Of("network", "NETWORK", Completes.Networks), NetworkCommands.List, Prune.Networks, Remove.Row,
        ]),
        Group("system", "Manage the engine", [StoreCheck.Row, DialStdio.Row, DiskUsage.Row, Events.Row, Info.Row, SystemPrune.Row]),
        Group("volume", "Manage volumes",
        [
            VolumeCommands.Create, Inspect.Of("volume", "VOLUME", Completes.Volumes), VolumeCommands.List, Prune.Volumes, VolumeCommands.Remove, .. Later(["update"]),
        ]),
        Attach.Row, Commit.Row, Scripts.Row, Containers.Create.Row, Containers.Difference.Row, Events.Row, Export.Row, History.Row, Archives.Import, Inspect.Row, Lifecycle.Kill, Archives.Load, Logs.Row, Lifecycle.Pause, Port.Row, Lifecycle.Rename,
        Lifecycle.Restart, Lifecycle.Remove with { Aliases = [] }, Names.Remove, Save.Row, Start.Row, Stats.Row, Lifecycle.Stop, Names.Tag, Top.Row, Lifecycle.Unpause, Lifecycle.Wait,
        Words.Row,
        .. Later(ToCome),
    ];

    private static Command Group(string name, string summary, Command[] children) =>
        new(name, "COMMAND", summary) { Group = CommandGroup.Management, Children = children };

    private static IEnumerable<Command> Later(string[] names) =>
        names.Select(static n => new Command(n, "", $"{n} is not there yet") { Hidden = true, Words = ArgumentRule.Any, IsToCome = true });
}
