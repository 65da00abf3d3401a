using System.Globalization;

using Berth.Oci.Runtime;
using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>Who runs: "USER[:GROUP]" by name or number, looked up in the image's own files.</summary>
public static class UserResolution
{
    /// <summary>The user of the spec, and its home for HOME.</summary>
    /// <param name="specification">Empty is root.</param>
    /// <param name="groupAdd">--group-add: names or numbers.</param>
    /// <param name="image">The image's users and groups.</param>
    /// <exception cref="EngineException">Invalid: a name that the image does not know, a number out of range.</exception>
    public static (User User, string Home) Resolve(string? specification, IReadOnlyList<string>? groupAdd, UserDatabase image)
    {
        string[] parts = (specification ?? "").Split(':', 2);
        string name = parts[0].Length == 0 ? "0" : parts[0];
        PasswdEntry? known = FindUser(name, image);
        uint uid = known?.Uid ?? Number(name) ?? throw EngineException.Invalid($"unable to find user {name}: no matching entries in passwd file");

        bool ownGroup = parts.Length == 2 && parts[1].Length > 0;
        uint gid = ownGroup ? Group(parts[1], image) : known?.Gid ?? 0;

        // A user named together with a group gets that group alone; otherwise all that list it (as runc and login do).
        IEnumerable<uint> supplementary = !ownGroup && known is { } user ? image.Groups.Where(g => g.Members.Contains(user.Name)).Select(g => g.Gid) : [];
        IReadOnlyList<uint> groups = [.. supplementary.Prepend(gid).Concat((groupAdd ?? []).Select(g => Group(g, image))).Distinct()];
        return (new User { Uid = uid, Gid = gid, AdditionalGids = groups }, known is { Home.Length: > 0 } home ? home.Home : "/");
    }

    // A name that is a number may still be somebody's name; Docker looks for names first, too.
    private static PasswdEntry? FindUser(string name, UserDatabase image)
    {
        foreach (PasswdEntry entry in image.Users)
        {
            if (entry.Name == name)
            {
                return entry;
            }
        }

        uint? number = Number(name);
        foreach (PasswdEntry entry in image.Users)
        {
            if (entry.Uid == number)
            {
                return entry;
            }
        }

        return null;
    }

    private static uint Group(string name, UserDatabase image)
    {
        foreach (GroupEntry entry in image.Groups)
        {
            if (entry.Name == name)
            {
                return entry.Gid;
            }
        }

        return Number(name) ?? throw EngineException.Invalid($"unable to find group {name}: no matching entries in group file");
    }

    private static uint? Number(string text)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            return null;
        }

        return number is >= 0 and <= int.MaxValue ? (uint)number : throw EngineException.Invalid("uids and gids must be in range 0-2147483647");
    }
}
