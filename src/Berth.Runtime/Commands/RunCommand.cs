using Berth.Oci.Runtime;
using Berth.Runtime.Init;

namespace Berth.Runtime.Commands;

/// <summary>`run`: create and start, and unless detached wait for the end, pass signals on, remove the container.</summary>
internal static class RunCommand
{
    public static int Run(RuntimeContext context, IReadOnlyList<string> args)
    {
        CommandOptions options = CommandOptions.Parse(args, CreateCommand.Options);
        using var foreground = options.Has("detach") ? null : new ForegroundSignals();
        using LaunchedProcess process = CreateCommand.Create(context, options, out RuntimeSpec spec);
        var folder = new ContainerFolder(context, options.Id());
        try
        {
            if (spec.Process?.Terminal == true)
            {
                CreateCommand.SendTerminal(options, process);
            }

            StartCommand.Start(context, folder);
        }
        catch
        {
            DeleteCommand.Destroy(context, folder, folder.Read());
            throw;
        }

        if (foreground is null)
        {
            return 0;
        }

        int status = foreground.Follow(process.PidFd);
        if (!options.Has("keep"))
        {
            DeleteCommand.Destroy(context, folder, folder.Read());
        }

        return status;
    }
}
