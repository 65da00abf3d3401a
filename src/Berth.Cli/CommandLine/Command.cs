namespace Berth.Cli.CommandLine;

/// <summary>One row of the command table.</summary>
/// <param name="Name">The word that calls it.</param>
/// <param name="Syntax">What follows the name in the usage line.</param>
/// <param name="Summary">One line for the list of commands.</param>
internal sealed record Command(string Name, string Syntax, string Summary)
{
    public string[] Aliases { get; init; } = [];

    /// <summary>Made when the command is the one that is called, so a start does not pay for every table.</summary>
    public Func<Flag[]> Flags { get; init; } = static () => [];

    public ArgumentRule Words { get; init; } = ArgumentRule.None;

    /// <summary>The first word that is no flag ends the flags: what follows is the container's command line.</summary>
    public bool StopsAtFirstWord { get; init; }

    /// <summary>Does the work and answers the exit code.</summary>
    public Func<Invocation, int>? Run { get; init; }

    /// <summary>
    /// The commands below it. One that also does something itself gives way to a child only where enough words follow for that child:
    /// "port add" alone is the ports of a container of that name.
    /// </summary>
    public Command[] Children { get; init; } = [];

    public CommandGroup Group { get; init; }

    public bool Hidden { get; init; }

    /// <summary>Docker has it and this engine will: whatever follows it, the answer is that it is not there yet.</summary>
    public bool IsToCome { get; init; }

    /// <summary>Every way to call it, for the "Aliases" section; "{0}" is the program's name.</summary>
    public string[] Spellings { get; init; } = [];

    /// <summary>What completion offers for its words.</summary>
    public Completes Completes { get; init; }

    /// <summary>What completion offers for the words after the first, where that is something else.</summary>
    public Completes? CompletesNext { get; init; }

    public bool Answers(string word) => Name == word || Array.IndexOf(Aliases, word) >= 0;

    /// <summary>Whether words go to it itself: it has no children, or does something itself and they do not make a call of a child.</summary>
    /// <param name="words">What stands behind its name.</param>
    public bool TakesItself(IReadOnlyCollection<string> words) =>
        Children.Length == 0 || (Run is not null && !(Child(words.FirstOrDefault("")) is Command child
            && (words.Skip(1).Any(static w => w is "--help" or "-h") || words.Skip(1).Count(static w => !w.StartsWith('-')) >= child.Words.Least)));

    public Command? Child(string word) => Array.Find(Children, c => c.Answers(word));
}
