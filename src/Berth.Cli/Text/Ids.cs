namespace Berth.Cli.Text;

/// <summary>Ids of containers, images and networks as tables show them.</summary>
internal static class Ids
{
    private const int ShortLength = 12;

    /// <summary>Twelve digits, without the name of the hash.</summary>
    public static string Short(string id)
    {
        int colon = id.IndexOf(':', StringComparison.Ordinal);
        string digits = colon < 0 ? id : id[(colon + 1)..];
        return digits.Length > ShortLength ? digits[..ShortLength] : digits;
    }
}
