using Berth.Cli.Commands;
using Berth.Cli.Http;

namespace Berth.Cli.CommandLine;

/// <summary>From the words typed to the command's exit code.</summary>
internal sealed class Dispatcher(Session session)
{
    /// <summary>What Docker's client ends with when the command line is wrong, or the daemon refused a run.</summary>
    public const int UsageError = 125;

    public int Run(IReadOnlyList<string> words)
    {
        try
        {
            return Call(words);
        }
        catch (CliException e)
        {
            return Fail(e.Message, e.ExitCode);
        }
        catch (Exception e) when (e is ApiException or ConnectionException)
        {
            return Fail(e.Message, 1);
        }
        finally
        {
            session.Out.Flush();
        }
    }

    private int Call(IReadOnlyList<string> words)
    {
        Arguments global;
        try
        {
            global = FlagParser.Parse(GlobalFlags.Table, words, stopAtFirstWord: true);
        }
        catch (UsageException e)
        {
            return Fail($"{e.Message}\nSee '{session.Program} --help'.", UsageError);
        }

        if (GlobalFlags.Apply(session, global))
        {
            return 0;
        }

        List<string> rest = global.Words;
        if (global.WantsHelp || rest.Count == 0)
        {
            (global.WantsHelp ? session.Out : session.Err).Write(new HelpPage(session).Top(CommandTable.Rows));
            return 0;
        }

        return rest[0] == "help" ? Help(rest.Skip(1)) : Dispatch(rest);
    }

    private int Dispatch(List<string> words)
    {
        Command? command = Array.Find(CommandTable.Rows, c => c.Answers(words[0]));
        if (command is null)
        {
            return Unknown(words[0], session.Program, CommandTable.Rows);
        }

        string path = $"{session.Program} {command.Name}";
        int used = 1;
        while (!command.TakesItself(words.GetRange(used, words.Count - used)))
        {
            string? word = words.Skip(used).FirstOrDefault(w => !w.StartsWith('-'));
            if (words.Skip(used).TakeWhile(w => w != word).FirstOrDefault(w => w is not ("--help" or "-h")) is string flag)
            {
                return Fail($"unknown flag: {flag}\nSee '{path} --help'.", UsageError);
            }

            bool wantsHelp = used < words.Count && words[used] is "--help" or "-h";
            if (word is null || wantsHelp)
            {
                (wantsHelp ? session.Out : session.Err).Write(new HelpPage(session).Group(command, path));
                return 0;
            }

            Command? child = command.Child(word);
            if (child is null)
            {
                return Unknown(word, path, command.Children);
            }

            command = child;
            path = $"{path} {command.Name}";
            used++;
        }

        return Invoke(command, path, words.Skip(used));
    }

    private int Invoke(Command command, string path, IEnumerable<string> words)
    {
        if (command.IsToCome)
        {
            return Fail($"{session.Program}: '{path[(session.Program.Length + 1)..]}' is not there yet (Berth {Identity.Version}); '{session.Program} --help' lists the commands there are", 1);
        }

        Arguments arguments;
        try
        {
            arguments = FlagParser.Parse(command.Flags(), words, command.StopsAtFirstWord);
        }
        catch (UsageException e)
        {
            return Fail($"{e.Message}\nSee '{path} --help'.", UsageError);
        }

        foreach (string warning in arguments.Warnings)
        {
            session.Err.Line(warning);
        }

        if (arguments.WantsHelp)
        {
            session.Out.Write(new HelpPage(session).Of(command, path));
            return 0;
        }

        if (command.Words.Complain(arguments.Words.Count) is string complaint)
        {
            return Fail($"\"{path}\" {complaint}.\nSee '{path} --help'.\n\nUsage:  {HelpPage.Usage(command, path)}\n\n{command.Summary}", 1);
        }

        return command.Run!(new Invocation(session, command, path, arguments));
    }

    private int Help(IEnumerable<string> topic)
    {
        Command? command = null;
        string path = session.Program;
        foreach (string word in topic)
        {
            Command? next = command is null ? Array.Find(CommandTable.Rows, c => c.Answers(word)) : command.Child(word);
            if (next is null)
            {
                return Fail($"unknown help topic: {string.Join(' ', topic)}", 1);
            }

            command = next;
            path = $"{path} {command.Name}";
        }

        var page = new HelpPage(session);
        session.Out.Write(command is null ? page.Top(CommandTable.Rows) : command.Run is null && command.Children.Length > 0 ? page.Group(command, path) : page.Of(command, path));
        return 0;
    }

    private int Unknown(string word, string path, Command[] among)
    {
        string[] near = Suggestions.For(word, among);
        string hint = near.Length == 0 ? "" : $": did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?";
        string dot = near.Length == 0 ? "." : "";
        return Fail($"{session.Program}: '{word}' is not a {path} command{hint}{dot}\nSee '{path} --help'.", 1);
    }

    private int Fail(string message, int code)
    {
        session.Out.Flush();
        if (message.Length > 0)
        {
            session.Err.Line(message);
        }

        return code;
    }
}
