using System.Buffers;
using System.Collections.Frozen;

using Berth.Storage;

namespace Berth.Network.Dns.Egress;

/// <summary>
/// Names that containers of a network may reach outside: "api.example.com" is that name, "*.example.org" every name below example.org (one label or
/// more before it) but not example.org itself. Immutable.
/// </summary>
public sealed class EgressPolicy
{
    /// <summary>The most patterns that one list takes.</summary>
    public const int MostPatterns = 1024;

    private const int LongestName = 253, LongestLabel = 63;

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _names;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _suffixes;

    private EgressPolicy(string[] patterns)
    {
        Patterns = patterns;
        _names = Set(patterns.Where(pattern => pattern[0] != '*'));
        _suffixes = Set(patterns.Where(pattern => pattern[0] == '*').Select(pattern => pattern[2..]));
    }

    /// <summary>The patterns in lower case without a dot at the end, each once, in the given order.</summary>
    public IReadOnlyList<string> Patterns { get; }

    /// <summary>Reads a list as --egress-allow has it: patterns with commas between them.</summary>
    /// <exception cref="EngineException">Invalid: which pattern is none, why, and what is wanted.</exception>
    public static EgressPolicy Parse(string list) => Parse(list.Split(','));

    /// <summary>Reads patterns.</summary>
    /// <exception cref="EngineException">Invalid: which pattern is none, why, and what is wanted.</exception>
    public static EgressPolicy Parse(IEnumerable<string> patterns)
    {
        string[] normal = [.. patterns.Select(Pattern).Distinct(StringComparer.Ordinal).Take(MostPatterns + 1)];
        return normal.Length switch
        {
            0 => throw EngineException.Invalid("the egress allow list is empty: name at least one host, or leave the option out to allow everything"),
            > MostPatterns => throw EngineException.Invalid($"the egress allow list has more than {MostPatterns} patterns: join some with a star (*.example.org)"),
            _ => new EgressPolicy(normal),
        };
    }

    /// <summary>As it was given: patterns with commas between them.</summary>
    public override string ToString() => string.Join(',', Patterns);

    /// <summary>Whether a name is on the list.</summary>
    /// <param name="name">Lower case, without the dot at the end.</param>
    internal bool Allows(ReadOnlySpan<char> name)
    {
        if (_names.Contains(name))
        {
            return true;
        }

        for (int dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.'))
        {
            // An escaped dot is part of a label and parts nothing.
            bool escaped = dot > 0 && name[dot - 1] == '\\';
            name = name[(dot + 1)..];
            if (!escaped && _suffixes.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    private static string Pattern(string given)
    {
        string pattern = given.Trim().ToLowerInvariant();
        pattern = pattern.EndsWith('.') ? pattern[..^1] : pattern;
        string name = pattern.StartsWith("*.", StringComparison.Ordinal) ? pattern[2..] : pattern;
        string? reason = name switch
        {
            "" => "it is empty",
            "*" => "a star alone allows everything: leave the option out for that",
            _ when name.Contains('*') => "a star stands for whole labels at the front only, as in *.example.org",
            _ when name.Any(c => !char.IsAscii(c)) => "write an international name in its ASCII form (xn--…)",
            _ when name.IndexOfAny([':', '/']) >= 0 => "it is no host name: no scheme, port, path or address block",
            _ when name.Length > LongestName => $"it has more than {LongestName} characters",
            _ => name.Split('.').Select(Fault).FirstOrDefault(fault => fault is not null) ?? NumberFault(name),
        };
        return reason is null ? pattern : throw EngineException.Invalid($"egress allow pattern \"{given}\" cannot be used: {reason}");
    }

    private static string? Fault(string label) => label switch
    {
        "" => "a label between two dots is empty",
        { Length: > LongestLabel } => $"the label {label} has more than {LongestLabel} characters",
        ['-', ..] or [.., '-'] => $"the label {label} begins or ends with a hyphen",
        _ when label.AsSpan().IndexOfAnyExcept(Characters) is var odd and >= 0 => $"'{label[odd]}' is no character of a host name",
        _ => null,
    };

    // No top level domain is a number, so this is an address (RFC 1123, section 2.1).
    private static string? NumberFault(string name) =>
        name[(name.LastIndexOf('.') + 1)..].All(char.IsAsciiDigit) ? "it is an address, not a name: the list is by name" : null;

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(IEnumerable<string> names) =>
        names.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
