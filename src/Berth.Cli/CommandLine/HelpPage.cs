using System.Text;

using Berth.Linux.Terminals;

namespace Berth.Cli.CommandLine;

/// <summary>Help in Docker's layout, made from the tables.</summary>
internal sealed class HelpPage(Session session)
{
    private const int NarrowestName = 11;
    private readonly StringBuilder text = new();

    /// <summary>As wide as the terminal on standard input, or 80 columns: then the last stays free, as in Docker.</summary>
    private static int Width => (Terminal.Size(0)?.Columns ?? 80) - 1;

    /// <summary>The page of the program itself.</summary>
    public string Top(Command[] rows)
    {
        text.Append("Usage:  ").Append(session.Program).Append(" [OPTIONS] COMMAND\n\nA container engine: it speaks Docker's API and takes Docker's commands\n");
        List("Common Commands", rows.Where(c => c.Group == CommandGroup.Common));
        List("Management Commands", rows.Where(c => c.Group == CommandGroup.Management));
        List("Commands", rows.Where(c => c.Group == CommandGroup.Plain));
        Flags("Global Options", GlobalFlags.Table);
        text.Append("\nRun '").Append(session.Program).Append(" COMMAND --help' for more information on a command.\n");
        return text.ToString();
    }

    /// <summary>The page of a command that only has others below it.</summary>
    public string Group(Command command, string path)
    {
        text.Append("Usage:  ").Append(path).Append(" COMMAND\n\n").Append(command.Summary).Append('\n');
        List("Commands", command.Children);
        text.Append("\nRun '").Append(path).Append(" COMMAND --help' for more information on a command.\n");
        return text.ToString();
    }

    /// <summary>The page of a command that does something.</summary>
    public string Of(Command command, string path)
    {
        text.Append("Usage:  ").Append(Usage(command, path)).Append("\n\n").Append(command.Summary).Append('\n');
        if (command.Spellings.Length > 0)
        {
            text.Append("\nAliases:\n  ").AppendJoin(", ", command.Spellings.Select(s => $"{session.Program} {s}")).Append('\n');
        }

        List("Commands", command.Children);
        Flags("Options", command.Flags());
        if (command.IsToCome)
        {
            text.Append("\nThis command is not there yet in Berth ").Append(Identity.Version).Append(".\n");
        }

        return text.ToString();
    }

    /// <summary>How it is called, one way a line.</summary>
    public static string Usage(Command command, string path) =>
        command.Syntax.Length == 0 ? path : $"{path} {command.Syntax.Replace("\n", $"\n\t{path} ", StringComparison.Ordinal)}";

    private void List(string heading, IEnumerable<Command> commands)
    {
        Command[] shown = commands.Where(c => !c.Hidden).ToArray();
        if (shown.Length == 0)
        {
            return;
        }

        text.Append('\n').Append(heading).Append(":\n");
        foreach (Command command in shown)
        {
            text.Append("  ").Append(command.Name.PadRight(NarrowestName)).Append(' ').Append(command.Summary).Append('\n');
        }
    }

    private void Flags(string heading, Flag[] flags)
    {
        string list = FlagHelp.Render(flags, Width);
        if (list.Length > 0)
        {
            text.Append('\n').Append(heading).Append(":\n").Append(list);
        }
    }
}
