namespace Berth.Network.Networks;

/// <summary>Names of the host's ends of pairs: "veth" and seven hexadecimal digits, as Docker's are.</summary>
internal static class LinkName
{
    private const string Prefix = "veth";

    private const int Digits = 7;

    public static string New() => Prefix + Random.Shared.GetHexString(Digits, lowercase: true);

    /// <summary>It may be one of ours. What an administrator made a port of the same bridge is called otherwise, and is not ours to remove.</summary>
    public static bool IsOurs(string name) => name.Length == Prefix.Length + Digits && name.StartsWith(Prefix, StringComparison.Ordinal) && name.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;
}
