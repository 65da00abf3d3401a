using System.Globalization;

namespace Berth.Engine.Spec;

/// <summary>An image's own /etc/passwd and /etc/group, parsed. Lines that are not of their format are passed over, as libc does.</summary>
public sealed record UserDatabase(IReadOnlyList<PasswdEntry> Users, IReadOnlyList<GroupEntry> Groups)
{
    public static readonly UserDatabase Empty = new([], []);

    /// <param name="passwd">The file's text, null where the image has none.</param>
    /// <param name="group">Likewise.</param>
    public static UserDatabase Parse(string? passwd, string? group) => new([.. Lines(passwd).Select(User).OfType<PasswdEntry>()], [.. Lines(group).Select(Group).OfType<GroupEntry>()]);

    private static IEnumerable<string[]> Lines(string? text) =>
        (text ?? "").Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(':'));

    private static PasswdEntry? User(string[] fields) =>
        fields.Length >= 6 && Id(fields[2]) is { } uid && Id(fields[3]) is { } gid ? new PasswdEntry(fields[0], uid, gid, fields[5]) : null;

    private static GroupEntry? Group(string[] fields) =>
        fields.Length >= 3 && Id(fields[2]) is { } gid
            ? new GroupEntry(fields[0], gid, fields.Length > 3 ? fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [])
            : null;

    private static uint? Id(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id <= int.MaxValue ? id : null;
}
