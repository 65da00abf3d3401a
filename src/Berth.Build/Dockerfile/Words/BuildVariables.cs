using System.Collections.Immutable;

namespace Berth.Build.Dockerfile.Words;

/// <summary>Variables by name, in the order in which they were first set. A value; changes give another one.</summary>
public sealed class BuildVariables
{
    private readonly ImmutableDictionary<string, string> _values;
    private readonly ImmutableList<string> _names;

    private BuildVariables(ImmutableDictionary<string, string> values, ImmutableList<string> names) => (_values, _names) = (values, names);

    public static BuildVariables Empty { get; } = new(ImmutableDictionary.Create<string, string>(StringComparer.Ordinal), []);

    public IReadOnlyList<string> Names => _names;

    /// <summary>null: not set, which is not the same as empty.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>From "NAME=value"; without "=" the value is empty. The last of one name counts.</summary>
    public static BuildVariables FromList(IEnumerable<string> assignments)
    {
        BuildVariables all = Empty;
        foreach (string assignment in assignments)
        {
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            all = equals < 0 ? all.With(assignment, "") : all.With(assignment[..equals], assignment[(equals + 1)..]);
        }

        return all;
    }

    public BuildVariables With(string name, string value) => new(_values.SetItem(name, value), _values.ContainsKey(name) ? _names : _names.Add(name));

    /// <summary>"NAME=value" each.</summary>
    public IEnumerable<string> ToList() => _names.Select(name => $"{name}={_values[name]}");
}
