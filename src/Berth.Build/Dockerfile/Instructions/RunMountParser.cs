using System.Globalization;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>"type=cache,target=/x,…": one --mount.</summary>
internal static class RunMountParser
{
    private static readonly string[] Keys =
    [
        "type", "from", "source", "target", "readonly", "id", "sharing", "required", "size", "mode", "uid", "gid", "src", "dst", "destination", "ro", "rw",
        "readwrite", "env",
    ];

    /// <param name="expand">Replaces variables in a value.</param>
    /// <exception cref="DockerfileException">A key or a value is wrong, or they do not go together.</exception>
    public static RunMount Parse(string text, Func<string, string> expand)
    {
        var mount = new RunMount();
        bool? readOnly = null;
        foreach (string field in CsvFields.Split(text))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            string key = (equals < 0 ? field : field[..equals]).ToLowerInvariant();
            if (key == "from" && equals > 0 && field.IndexOf('$', equals) is int dollar and >= 0 && dollar < field.Length - 1)
            {
                throw DockerfileException.Syntax("'from' doesn't support variable expansion, define alias stage instead");
            }

            string? value = equals < 0 ? null : expand(field[(equals + 1)..]);
            switch (key)
            {
                case "readonly" or "ro":
                    readOnly = value is null || Boolean(key, value);
                    break;
                case "readwrite" or "rw":
                    readOnly = value is not null && !Boolean(key, value);
                    break;
                case "required" when mount.Type is RunMountType.Secret or RunMountType.Ssh:
                    mount = mount with { IsRequired = value is null || Boolean(key, value) };
                    break;
                case "required":
                    throw Unexpected(key, mount.Type);
                default:
                    mount = value is null
                        ? throw DockerfileException.Value($"invalid field '{field}' must be a key=value pair")
                        : Set(mount, key, value, field);
                    break;
            }
        }

        return Check(mount) with { IsReadOnly = readOnly ?? mount.Type is not (RunMountType.Cache or RunMountType.Tmpfs) };
    }

    private static RunMount Set(RunMount mount, string key, string value, string field) => key switch
    {
        "type" => mount with { Type = Type(value) },
        "from" => mount with { From = Given(value) },
        "source" or "src" => mount with { Source = Given(value) },
        "target" or "dst" or "destination" => mount with { Target = Given(value) },
        "size" when mount.Type == RunMountType.Tmpfs =>
            mount with { SizeLimit = ByteSize.Parse(value) ?? throw DockerfileException.Value($"invalid value for {key}: {value}") },
        "size" => throw Unexpected(key, mount.Type),
        "id" => mount with { Id = Given(value) },
        "sharing" => mount with { Sharing = Sharing(value) },
        "mode" => mount with { Mode = Octal(value) },
        "uid" => mount with { Uid = Number(key, value) },
        "gid" => mount with { Gid = Number(key, value) },
        "env" => mount with { Variable = value },
        _ => throw DockerfileException.Value($"unexpected key '{key}' in '{field}'{Suggestion.Hint(key, Keys)}"),
    };

    // What depends on the type, wherever in the list it stands.
    private static RunMount Check(RunMount mount)
    {
        string type = Text(mount.Type);
        bool hasOwner = mount.Type is RunMountType.Secret or RunMountType.Ssh or RunMountType.Cache;
        string? wrong = mount switch
        {
            { Mode: not null } when !hasOwner => $"mode not allowed for \"{type}\" type mounts",
            { Uid: not null } when !hasOwner => $"uid not allowed for \"{type}\" type mounts",
            { Gid: not null } when !hasOwner => $"gid not allowed for \"{type}\" type mounts",
            { Type: RunMountType.Secret, From: not null } => "secret mount should not have a from",
            { Type: RunMountType.Secret, Sharing: not null } => "secret mount should not define sharing",
            { Type: RunMountType.Secret, Source: null, Target: null, Id: null } => "invalid secret mount. one of source, target required",
            { Type: RunMountType.Secret, Source: not null, Id: not null } => "both source and id can't be set",
            { Sharing: not null, Type: not RunMountType.Cache } => $"invalid cache sharing set for {type} mount",
            _ => null,
        };
        return wrong is null ? mount : throw DockerfileException.Value(wrong);
    }

    private static RunMountType Type(string value) => value.ToLowerInvariant() switch
    {
        "bind" => RunMountType.Bind,
        "cache" => RunMountType.Cache,
        "tmpfs" => RunMountType.Tmpfs,
        "secret" => RunMountType.Secret,
        "ssh" => RunMountType.Ssh,
        _ => throw DockerfileException.Value(
            $"unsupported mount type {GoQuote.Quote(value)}{Suggestion.Hint(value, ["bind", "cache", "secret", "ssh", "tmpfs"])}"),
    };

    private static CacheSharing Sharing(string value) => value.ToLowerInvariant() switch
    {
        "shared" => CacheSharing.Shared,
        "private" => CacheSharing.Private,
        "locked" => CacheSharing.Locked,
        _ => throw DockerfileException.Value($"unsupported sharing value {GoQuote.Quote(value)}{Suggestion.Hint(value, ["locked", "private", "shared"])}"),
    };

    private static string Text(RunMountType type) => type.ToString().ToLowerInvariant();

    private static string? Given(string value) => value.Length == 0 ? null : value;

    private static bool Boolean(string key, string value) => GoBoolean.Parse(value) ?? throw DockerfileException.Value($"invalid value for {key}: {value}");

    private static uint Number(string key, string value) =>
        uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw DockerfileException.Value($"invalid value {value} for {key}");

    private static uint Octal(string value)
    {
        bool isOctal = value.Length is > 0 and <= 11 && value.All(c => c is >= '0' and <= '7');
        ulong mode = isOctal ? value.Aggregate(0UL, (sum, c) => (sum * 8) + (ulong)(c - '0')) : ulong.MaxValue;
        return mode <= uint.MaxValue ? (uint)mode : throw DockerfileException.Value($"invalid value {value} for mode");
    }

    private static DockerfileException Unexpected(string key, RunMountType type) =>
        DockerfileException.Value($"unexpected key '{key}' for mount type '{Text(type)}'");
}
