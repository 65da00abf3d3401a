namespace Berth.Build.Dockerfile.Instructions;

/// <summary>The flags of one instruction, read against those it knows.</summary>
internal sealed class FlagSet
{
    private readonly Dictionary<string, List<string?>> _given = new(StringComparer.Ordinal);

    private FlagSet()
    {
    }

    /// <summary>Names in <paramref name="lists"/> may stand several times, those in <paramref name="switches"/> without value.</summary>
    /// <exception cref="DockerfileException">An unknown flag, one twice, or one without value.</exception>
    public static FlagSet Parse(InstructionNode node, string[]? values = null, string[]? switches = null, string[]? lists = null)
    {
        var set = new FlagSet();
        string[] known = [.. values ?? [], .. switches ?? [], .. lists ?? []];
        foreach (string flag in node.Flags)
        {
            int equals = flag.IndexOf('=', StringComparison.Ordinal);
            string name = flag[2..(equals < 0 ? flag.Length : equals)];
            string? value = equals < 0 ? null : flag[(equals + 1)..];
            if (!known.Contains(name))
            {
                throw DockerfileException.Syntax($"unknown flag: --{name}{Suggestion.Hint(name, known)}");
            }

            bool isSwitch = switches?.Contains(name) == true;
            if (set._given.ContainsKey(name) && lists?.Contains(name) != true)
            {
                throw DockerfileException.Syntax($"duplicate flag specified: --{name}");
            }

            if (isSwitch ? value is "" : value is null)
            {
                throw DockerfileException.Syntax($"missing a value on flag: --{name}");
            }

            set.Add(name, isSwitch ? Boolean(name, value) : value);
        }

        return set;
    }

    /// <summary>null: not given, or given as empty.</summary>
    public string? Value(string name) => _given.GetValueOrDefault(name)?[0] is { Length: > 0 } value ? value : null;

    public bool? Switch(string name) => _given.TryGetValue(name, out List<string?>? values) ? values[0] == "true" : null;

    public IReadOnlyList<string> List(string name) => _given.TryGetValue(name, out List<string?>? values) ? [.. values.OfType<string>()] : [];

    private static string Boolean(string name, string? value) => value?.ToLowerInvariant() switch
    {
        null or "true" => "true",
        "false" => "false",
        _ => throw DockerfileException.Syntax($"expecting boolean value for flag --{name}, not: {value}"),
    };

    private void Add(string name, string? value)
    {
        if (!_given.TryGetValue(name, out List<string?>? values))
        {
            _given[name] = values = [];
        }

        values.Add(value);
    }
}
