namespace Berth.Build.Ignore;

/// <summary>What an <see cref="IgnoreMatcher"/> knows of a path; the answer for a folder serves what is in it.</summary>
public sealed class IgnoreMatch
{
    internal IgnoreMatch(bool isIgnored, bool[] matched) => (IsIgnored, Matched) = (isIgnored, matched);

    public bool IsIgnored { get; }

    // By pattern: it matches the path or a folder above.
    internal bool[] Matched { get; }
}
