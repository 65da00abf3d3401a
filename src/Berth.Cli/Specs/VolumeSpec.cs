namespace Berth.Cli.Specs;

/// <summary>One "-v [source:]target[:options]".</summary>
/// <param name="IsAnonymous">Only a path inside: the daemon makes a volume for it.</param>
/// <param name="Text">What to send: a relative host folder is made absolute, as only we know where we are.</param>
internal sealed record VolumeSpec(bool IsAnonymous, string Text)
{
    /// <exception cref="SpecException">With Docker's text.</exception>
    public static VolumeSpec Parse(string text)
    {
        if (text.Length == 0)
        {
            throw new SpecException("invalid empty volume spec");
        }

        if (text.Length <= 2)
        {
            return new VolumeSpec(true, text);
        }

        string[] parts = text.Split(':');
        if (Array.Exists(parts, p => p.Length == 0))
        {
            throw new SpecException($"invalid spec: {text}: empty section between colons");
        }

        if (parts.Length == 1)
        {
            return new VolumeSpec(true, text);
        }

        if (parts.Length > 3)
        {
            throw new SpecException($"invalid spec: {text}: too many colons");
        }

        string source = parts[0].StartsWith('.') ? Path.GetFullPath(parts[0]) : parts[0];
        return new VolumeSpec(false, $"{source}:{string.Join(':', parts[1..])}");
    }
}
