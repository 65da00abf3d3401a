using System.Text;

using Berth.Cli.Text;

namespace Berth.Cli.CommandLine;

/// <summary>
/// Reads flags in the grammar of Go's pflag, with its error texts: long and short, bundled letters, a value after "=" or as the next word
/// (whatever it looks like), "--" as the end.
/// </summary>
internal sealed class FlagParser
{
    private readonly Flag[] flags;
    private readonly Arguments parsed = new();
    private readonly Queue<string> rest;

    private FlagParser(Flag[] flags, IEnumerable<string> words)
    {
        this.flags = flags;
        rest = new Queue<string>(words);
    }

    /// <summary>Reads the words after a command's name.</summary>
    /// <param name="flags">The command's table.</param>
    /// <param name="words">What the user typed.</param>
    /// <param name="stopAtFirstWord">Whether the first word that is no flag ends the flags.</param>
    /// <exception cref="UsageException">With pflag's text.</exception>
    public static Arguments Parse(Flag[] flags, IEnumerable<string> words, bool stopAtFirstWord)
    {
        var parser = new FlagParser(flags, words);
        parser.Run(stopAtFirstWord);
        return parser.parsed;
    }

    private void Run(bool stopAtFirstWord)
    {
        while (!parsed.WantsHelp && rest.TryDequeue(out string? word))
        {
            if (word.Length < 2 || word[0] != '-')
            {
                parsed.Words.Add(word);
                if (stopAtFirstWord)
                {
                    break;
                }
            }
            else if (word == "--")
            {
                break;
            }
            else if (word[1] == '-')
            {
                Long(word, word[2..]);
            }
            else if (OldSpelling(word[1..]) is (Flag flag, string value))
            {
                parsed.Warnings.Add($"Warning: '-{flag.Name}' is an old spelling, use '--{flag.Name}'.");
                Set(flag, value);
            }
            else
            {
                Letters(word[1..]);
            }
        }

        parsed.Words.AddRange(rest);
    }

    private void Long(string word, string body)
    {
        if (body[0] is '-' or '=')
        {
            throw new UsageException($"bad flag syntax: {word}");
        }

        int equals = body.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? body : body[..equals];
        Flag? flag = Array.Find(flags, f => f.Name == name);
        if (name == "help")
        {
            parsed.WantsHelp = true;
            return;
        }

        if (flag is null)
        {
            throw new UsageException($"unknown flag: --{name}");
        }

        string value =
            equals >= 0 ? body[(equals + 1)..] :
            flag.Kind == FlagKind.Bool ? "true" :
            rest.TryDequeue(out string? next) ? next :
            throw new UsageException($"flag needs an argument: --{name}");
        Set(flag, value);
    }

    private void Letters(string letters)
    {
        string all = letters;
        while (letters.Length > 0)
        {
            char letter = letters[0];
            Flag? flag = Array.Find(flags, f => f.Short == letter);
            if (flag is null)
            {
                if (letter == 'h')
                {
                    parsed.Warnings.Add("Flag shorthand -h has been deprecated, use --help");
                    parsed.WantsHelp = true;
                    return;
                }

                throw new UsageException($"unknown shorthand flag: {GoString.QuoteRune(Rune.GetRuneAt(letters, 0))} in -{letters}");
            }

            string value;
            if (letters.Length > 2 && letters[1] == '=')
            {
                (value, letters) = (letters[2..], "");
            }
            else if (flag.Kind == FlagKind.Bool)
            {
                (value, letters) = ("true", letters[1..]);
            }
            else if (letters.Length > 1)
            {
                (value, letters) = (letters[1..], "");
            }
            else
            {
                value = rest.TryDequeue(out string? next)
                    ? next
                    : throw new UsageException($"flag needs an argument: {GoString.QuoteRune(new Rune(letter))} in -{all}");
                letters = "";
            }

            Set(flag, value);
        }
    }

    // "-link a:b" was Docker's spelling before 1.0; pflag would read it as "-l ink", a label nobody wants.
    private (Flag Flag, string Value)? OldSpelling(string body)
    {
        int equals = body.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? body : body[..equals];
        Flag? flag = Array.Find(flags, f => f.SingleDash && f.Name == name);
        if (flag is null)
        {
            return null;
        }

        string? value = equals >= 0 ? body[(equals + 1)..] : rest.TryDequeue(out string? next) ? next : null;
        return (flag, value ?? throw new UsageException($"flag needs an argument: -{name}"));
    }

    private void Set(Flag flag, string value)
    {
        string given = value;
        string? wrong = flag.Check is { } check ? check(ref value) : FlagChecks.ForKind(flag.Kind, value);
        if (wrong is not null)
        {
            throw new UsageException($"invalid argument {GoString.Quote(given)} for \"{flag.Display}\" flag: {wrong}");
        }

        if (flag.Deprecated is string why)
        {
            parsed.Warnings.Add($"Flag --{flag.Name} has been deprecated, {why}");
        }

        parsed.Add(flag, value);
    }
}
