namespace Berth.Cli.Specs;

/// <summary>One "--device hostPath[:containerPath][:rwm]".</summary>
internal sealed record DeviceSpec(string PathOnHost, string PathInContainer, string Permissions)
{
    /// <exception cref="SpecException">With Docker's text.</exception>
    public static DeviceSpec Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length > 3 || parts[0].Length == 0)
        {
            throw new SpecException($"bad format for path: {text}");
        }

        bool modeSecond = parts.Length == 2 && IsMode(parts[1]);
        string inside = parts.Length == 1 || modeSecond ? parts[0] : parts[1];
        string mode = parts.Length == 3 ? parts[2] : modeSecond ? parts[1] : "rwm";
        if (!IsMode(mode))
        {
            throw new SpecException($"bad mode specified: {mode}");
        }

        return inside.StartsWith('/')
            ? new DeviceSpec(parts[0], inside, mode)
            : throw new SpecException($"{inside} is not an absolute path");
    }

    /// <summary>A device of the container device interface, "vendor.com/class=name": given on as it is.</summary>
    public static bool IsQualifiedName(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return slash > 0 && equals > slash + 1 && equals + 1 < text.Length;
    }

    private static bool IsMode(string text) => text.Length is > 0 and <= 3 && text.All(c => c is 'r' or 'w' or 'm') && text.Distinct().Count() == text.Length;
}
