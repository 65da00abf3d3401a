using System.Globalization;

namespace Berth.Daemon.Routing;

/// <summary>A version of the Engine API, as in the prefix <c>/v1.41</c>.</summary>
internal readonly record struct ApiVersion(int Major, int Minor) : IComparable<ApiVersion>
{
    /// <summary>The oldest that is served.</summary>
    public static readonly ApiVersion Minimum = new(1, 24);

    /// <summary>The newest that is served, and the one of a path without a prefix.</summary>
    public static readonly ApiVersion Current = new(1, 52);

    public static bool operator <(ApiVersion left, ApiVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(ApiVersion left, ApiVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(ApiVersion left, ApiVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ApiVersion left, ApiVersion right) => left.CompareTo(right) >= 0;

    /// <summary>Reads "1.41"; "1" is 1.0.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ApiVersion version)
    {
        version = default;
        int dot = text.IndexOf('.');
        ReadOnlySpan<char> major = dot < 0 ? text : text[..dot], minor = dot < 0 ? "0" : text[(dot + 1)..];
        if (!int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out int first)
            || !int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out int second))
        {
            return false;
        }

        version = new ApiVersion(first, second);
        return true;
    }

    /// <summary>Why a client of this version is refused, in Docker's words; null: it is served.</summary>
    public string? Refusal()
    {
        if (this > Current)
        {
            return $"client version {this} is too new. Maximum supported API version is {Current}";
        }

        return this < Minimum
            ? $"client version {this} is too old. Minimum supported API version is {Minimum}, please upgrade your client to a newer version"
            : null;
    }

    public int CompareTo(ApiVersion other) => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
