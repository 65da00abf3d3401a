namespace Berth.Images.Registries.Authorization;

/// <summary>How a server wants to be shown who asks (RFC 9110, 11.6.1): a scheme with parameters.</summary>
/// <param name="Scheme">Lower case: "basic", "bearer".</param>
/// <param name="Parameters">Names without regard to case.</param>
internal sealed record AuthenticationChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    private const string TokenCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";

    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>Reads all WWW-Authenticate headers of an answer; several challenges may stand in one. What cannot be read is passed over.</summary>
    public static IReadOnlyList<AuthenticationChallenge> Parse(IEnumerable<string> headers)
    {
        var found = new List<AuthenticationChallenge>();
        foreach (string header in headers)
        {
            ReadOnlySpan<char> rest = header;
            Dictionary<string, string>? parameters = null;
            while (true)
            {
                rest = rest.TrimStart(" \t,");
                string token = Token(ref rest);
                if (token.Length == 0)
                {
                    break;
                }

                ReadOnlySpan<char> after = rest.TrimStart(" \t");
                if (parameters is not null && after.StartsWith("="))
                {
                    rest = after[1..].TrimStart(" \t");
                    parameters.TryAdd(token, Value(ref rest));
                    continue;
                }

                // A word without "=" begins the next challenge.
                parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                found.Add(new AuthenticationChallenge(token.ToLowerInvariant(), parameters));
            }
        }

        return found;
    }

    private static string Token(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOfAnyExcept(TokenCharacters);
        string token = (end < 0 ? rest : rest[..end]).ToString();
        rest = end < 0 ? default : rest[end..];
        return token;
    }

    private static string Value(ref ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith("\""))
        {
            int end = rest.IndexOfAny(" \t,");
            string plain = (end < 0 ? rest : rest[..end]).ToString();
            rest = end < 0 ? default : rest[end..];
            return plain;
        }

        var text = new System.Text.StringBuilder();
        int i = 1;
        for (; i < rest.Length && rest[i] != '"'; i++)
        {
            // quoted-pair: the backslash goes
            if (rest[i] == '\\' && i + 1 < rest.Length)
            {
                i++;
            }

            text.Append(rest[i]);
        }

        rest = i < rest.Length ? rest[(i + 1)..] : default;
        return text.ToString();
    }
}
