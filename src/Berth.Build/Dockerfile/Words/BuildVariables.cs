using System.Collections.Immutable;

namespace Berth.Build.Dockerfile.Words;

/// <summary>Variables by name, in the order in which they were first set. A value; changes give another one.</summary>
public sealed class BuildVariables
{
    private readonly ImmutableDictionary<string, string> _values;
    private readonly ImmutableList<string> _names;

    private readonly long _length;

    private BuildVariables(ImmutableDictionary<string, string> values, ImmutableList<string> names, long length) =>
        (_values, _names, _length) = (values, names, length);

    public static BuildVariables Empty { get; } = new(ImmutableDictionary.Create<string, string>(StringComparer.Ordinal), [], 0);

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

    /// <exception cref="DockerfileException">Together they are longer than <see cref="ParseLimits.VariablesLength"/>.</exception>
    public BuildVariables With(string name, string value)
    {
        string? before = this[name];
        long length = _length + value.Length + (before is null ? name.Length : -before.Length);
        return length <= ParseLimits.VariablesLength
            ? new BuildVariables(_values.SetItem(name, value), before is null ? _names.Add(name) : _names, length)
            : throw DockerfileException.Value($"variables hold more than {ParseLimits.VariablesLength} characters together");
    }

    /// <summary>"NAME=value" each.</summary>
    public IEnumerable<string> ToList() => _names.Select(name => $"{name}={_values[name]}");
}
