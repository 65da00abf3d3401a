namespace Berth.Runtime.Commands;

/// <summary>Options of one command line, in runc's syntax: --name VALUE, --name=VALUE, -n VALUE, --switch; they end at the first other word or at "--".</summary>
internal sealed class CommandOptions
{
    private readonly List<(string Name, string Value)> _given = [];

    public IReadOnlyList<string> Arguments { get; private set; } = [];

    /// <param name="args">All words.</param>
    /// <param name="known">Names ("bundle", "b=bundle" for a short form); a "!" behind makes a switch, which takes no value.</param>
    public static CommandOptions Parse(IReadOnlyList<string> args, params ReadOnlySpan<string> known)
    {
        var options = new CommandOptions();
        int i = 0;
        for (; i < args.Count && args[i].Length > 1 && args[i][0] == '-'; i++)
        {
            if (args[i] == "--")
            {
                i++;
                break;
            }

            string word = args[i].TrimStart('-');
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string given = equals < 0 ? word : word[..equals];
            (string name, bool isSwitch) = Find(given, known) ?? throw new CommandException($"unknown option {args[i]}");
            string value = equals >= 0 ? word[(equals + 1)..]
                : isSwitch ? "true"
                : ++i < args.Count ? args[i] : throw new CommandException($"option --{name} needs a value");
            options._given.Add((name, value));
        }

        options.Arguments = [.. args.Skip(i)];
        return options;
    }

    /// <summary>The last value given.</summary>
    public string? Value(string name)
    {
        string? value = null;
        foreach ((string given, string text) in _given)
        {
            value = given == name ? text : value;
        }

        return value;
    }

    public IReadOnlyList<string> Values(string name) => [.. _given.Where(g => g.Name == name).Select(g => g.Value)];

    public bool Has(string name) => Value(name) is { } value && value != "false";

    public int Number(string name) => Value(name) is not { } text ? 0
        : int.TryParse(text, out int number) && number >= 0 ? number : throw new CommandException($"option --{name}: \"{text}\" is no number");

    /// <summary>The container's id, the first argument.</summary>
    public string Id() => Arguments.Count > 0 ? Arguments[0] : throw new CommandException("the container's id is missing");

    private static (string Name, bool IsSwitch)? Find(string given, ReadOnlySpan<string> known)
    {
        foreach (string entry in known)
        {
            bool isSwitch = entry.EndsWith('!');
            string names = isSwitch ? entry[..^1] : entry;
            int equals = names.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 ? names == given : names[..equals] == given || names[(equals + 1)..] == given)
            {
                return (names[(equals + 1)..], isSwitch);
            }
        }

        return null;
    }
}
