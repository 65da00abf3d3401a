using Berth.Storage;

namespace Berth.Engine.Links;

/// <summary>A link as asked for: which container, and what it is to be called.</summary>
/// <param name="Target">Name or id, without a leading slash.</param>
/// <param name="Alias">One word.</param>
internal sealed record LinkSpec(string Target, string Alias)
{
    private const int LongestAlias = 255; // as a name: RFC 1035, 2.3.4

    /// <summary>
    /// Reads "name", "name:alias" and "/name:/parent/alias", the form in which inspect shows a link and in which clients send it back.
    /// </summary>
    /// <exception cref="EngineException">Invalid.</exception>
    public static LinkSpec Parse(string text)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw EngineException.Invalid("empty string specified for links");
        }

        string[] parts = text.Split(':');
        if (parts.Length > 2)
        {
            throw EngineException.Invalid($"bad format for links: {text}");
        }

        string target = parts[0].StartsWith('/') ? parts[0][1..] : parts[0];
        string alias = parts.Length == 1 ? target : parts[0].StartsWith('/') ? parts[1][(parts[1].LastIndexOf('/') + 1)..] : parts[1];
        if (target.Length == 0)
        {
            throw EngineException.Invalid($"bad format for links: {text}: NAME or NAME:ALIAS is wanted");
        }

        // It becomes part of a line of /etc/hosts and of names of variables.
        return IsAlias(alias)
            ? new LinkSpec(target, alias)
            : throw EngineException.Invalid($"bad alias \"{alias}\" in link {text}: 1 to {LongestAlias} characters without spaces, slashes, '#' and '=' are wanted");
    }

    /// <summary>Several links of one place. Said twice is once.</summary>
    /// <exception cref="EngineException">Invalid: malformed, or one alias for two containers.</exception>
    public static IReadOnlyList<LinkSpec> ParseAll(IEnumerable<string> texts)
    {
        LinkSpec[] links = [.. texts.Select(Parse).Distinct()];
        IGrouping<string, LinkSpec>? clash = links.GroupBy(l => l.Alias, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return clash is null
            ? links
            : throw EngineException.Invalid(
                $"the link alias \"{clash.Key}\" is given to more than one container ({string.Join(", ", clash.Select(l => l.Target))}): every alias may be used once");
    }

    private static bool IsAlias(string alias) =>
        alias.Length is > 0 and <= LongestAlias && !alias.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '/' or '#' or '=');
}
