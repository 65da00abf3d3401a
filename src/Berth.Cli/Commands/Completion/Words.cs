using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Commands.Completion;

/// <summary>What could stand at the end of a command line that is being typed. Called by the shells' scripts; "__files": names of files.</summary>
internal static class Words
{
    public static Command Row { get; } = new("__words", "[WORD...]", "List what may come next")
    {
        Hidden = true,
        Words = ArgumentRule.Any,
        StopsAtFirstWord = true,
        Run = static call =>
        {
            foreach (string word in After(call, call.Words))
            {
                call.Out.Line(word);
            }

            return 0;
        },
    };

    private static IEnumerable<string> After(Invocation call, List<string> typed)
    {
        string last = typed.Count > 0 ? typed[^1] : "";
        Command? command = null;
        Command[] rows = CommandTable.Rows;
        int used = 0;
        for (; used < typed.Count - 1 && (command is null || command.Children.Length > 0); used++)
        {
            if (typed[used].StartsWith('-'))
            {
                continue;
            }

            Command? next = Array.Find(rows, c => c.Answers(typed[used]));
            if (next is null && command?.Run is null)
            {
                return [];
            }

            if (next is null)
            {
                return OfCommand(call, command!, typed.Skip(used).ToArray(), last);
            }

            command = next;
            rows = command.Children;
        }

        if (command is null || command.Children.Length > 0)
        {
            return last.StartsWith('-')
                ? Flags(GlobalFlags.Table, last)
                : rows.Where(c => !c.Hidden).Select(c => c.Name).Where(n => n.StartsWith(last, StringComparison.Ordinal))
                    .Concat(command?.Run is null ? [] : OfCommand(call, command, [last], last));
        }

        return OfCommand(call, command, typed.Skip(used).ToArray(), last);
    }

    private static IEnumerable<string> OfCommand(Invocation call, Command command, string[] typed, string last)
    {
        Flag[] flags = command.Flags();
        string before = typed.Length > 1 ? typed[^2] : "";
        Flag? open = before.StartsWith('-') && !before.Contains('=', StringComparison.Ordinal) ? Find(flags, before) : null;
        if (open is not null && open.Kind != FlagKind.Bool)
        {
            return OfFlag(call, open).Where(w => w == "__files" || w.StartsWith(last, StringComparison.Ordinal));
        }

        if (last.StartsWith('-'))
        {
            return Flags(flags, last);
        }

        bool wordSeen = typed.SkipLast(1).Where((w, i) => !w.StartsWith('-') && !(i > 0 && Find(flags, typed[i - 1]) is { Kind: not FlagKind.Bool })).Any();
        Completes kind = wordSeen ? command.CompletesNext ?? command.Completes : command.Completes;
        return command.StopsAtFirstWord && wordSeen ? ["__files"] : Objects(call, kind).Where(n => n == "__files" || n.StartsWith(last, StringComparison.Ordinal));
    }

    private static IEnumerable<string> OfFlag(Invocation call, Flag flag) =>
        flag.Choices.Length > 0 ? flag.Choices
        : flag.Name.Contains("file", StringComparison.Ordinal) || flag.Name is "input" or "volume" ? ["__files"]
        : Objects(call, flag.Completes);

    private static Flag? Find(Flag[] flags, string word) => word.StartsWith("--", StringComparison.Ordinal)
        ? Array.Find(flags, f => f.Name == word[2..])
        : word.Length > 1 && word[0] == '-' ? Array.Find(flags, f => f.Short == word[^1]) : null;

    private static IEnumerable<string> Flags(Flag[] flags, string typed) =>
        flags.Where(f => !f.Hidden).Select(f => $"--{f.Name}").Append("--help").Distinct().Where(n => n.StartsWith(typed, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Objects(Invocation call, Completes kind)
    {
        try
        {
            return kind switch
            {
                Completes.Containers => Containers(call, all: true),
                Completes.RunningContainers => Containers(call, all: false),
                Completes.Images => call.Api.List("/images/json").OfType<JsonObject>().SelectMany(i => i.List("RepoTags").OfType<string>()).Where(t => !t.StartsWith('<')),
                Completes.Volumes => call.Api.Get("/volumes").List("Volumes").OfType<JsonObject>().Select(v => v.Text("Name")),
                Completes.Networks => call.Api.List("/networks").OfType<JsonObject>().Select(n => n.Text("Name")),
                Completes.Files => ["__files"],
                _ => [],
            };
        }
        catch (Exception e) when (e is ApiException or ConnectionException)
        {
            return []; // somebody is typing: no daemon, no words, no noise
        }
    }

    private static IEnumerable<string> Containers(Invocation call, bool all) =>
        call.Api.List(new Query("/containers/json").Flag("all", all).ToString()).OfType<JsonObject>()
            .SelectMany(c => c.List("Names").OfType<string>()).Select(n => n.TrimStart('/')).Where(n => !n.Contains('/', StringComparison.Ordinal));
}
