using Berth.Cli.CommandLine;
using Berth.Cli.Json;
using Berth.Cli.Text;

namespace Berth.Cli.Specs;

/// <summary>One "--mount type=…,source=…,target=…". Options stay unset unless given.</summary>
internal sealed record MountSpec
{
    public string Type { get; set; } = "volume";

    public string? Source { get; set; }

    public string? Target { get; set; }

    public bool ReadOnly { get; set; }

    public string? Consistency { get; set; }

    public string? Propagation { get; set; }

    public bool? NonRecursive { get; set; }

    public bool? ReadOnlyNonRecursive { get; set; }

    public bool? ReadOnlyForceRecursive { get; set; }

    public bool? CreateMountpoint { get; set; }

    public bool? NoCopy { get; set; }

    public string? VolumeSubpath { get; set; }

    public Dictionary<string, string>? VolumeLabels { get; set; }

    public string? Driver { get; set; }

    public Dictionary<string, string>? DriverOptions { get; set; }

    public string? ImageSubpath { get; set; }

    public long? TmpfsSize { get; set; }

    public uint? TmpfsMode { get; set; }

    private bool HasBindOptions => Propagation is not null || (NonRecursive ?? ReadOnlyNonRecursive ?? ReadOnlyForceRecursive ?? CreateMountpoint) is not null;

    private bool HasVolumeOptions => NoCopy is not null || VolumeSubpath is not null || VolumeLabels is not null || HasDriver;

    private bool HasDriver => Driver is not null || DriverOptions is not null;

    private bool HasTmpfsOptions => TmpfsSize is not null || TmpfsMode is not null;

    /// <exception cref="SpecException">With Docker's text.</exception>
    public static MountSpec Parse(string text)
    {
        text = text.Trim();
        if (text.Length == 0)
        {
            throw new SpecException("value is empty");
        }

        var mount = new MountSpec();
        foreach (string field in CsvFields.Parse(text))
        {
            (string key, string? value) = Split(field);
            mount.Set(key, value, field);
        }

        mount.Validate();
        return mount;
    }

    public static string? Check(ref string value) => FlagChecks.By(value, Parse);

    /// <summary>As the API's Mount.</summary>
    public void Write(JsonBuilder json)
    {
        json.Text("Type", Type).Text("Source", Source).Text("Target", Target).Is("ReadOnly", ReadOnly ? true : null).Text("Consistency", Consistency);
        if (HasBindOptions)
        {
            json.Object("BindOptions", o => o.Text("Propagation", Propagation).Is("NonRecursive", NonRecursive).Is("CreateMountpoint", CreateMountpoint)
                .Is("ReadOnlyNonRecursive", ReadOnlyNonRecursive).Is("ReadOnlyForceRecursive", ReadOnlyForceRecursive));
        }

        if (HasVolumeOptions)
        {
            json.Object("VolumeOptions", WriteVolumeOptions);
        }

        if (ImageSubpath is not null)
        {
            json.Object("ImageOptions", o => o.Text("Subpath", ImageSubpath));
        }

        if (HasTmpfsOptions)
        {
            json.Object("TmpfsOptions", o => o.Int("SizeBytes", TmpfsSize).Int("Mode", TmpfsMode));
        }
    }

    private void WriteVolumeOptions(JsonBuilder json)
    {
        json.Is("NoCopy", NoCopy).Map("Labels", VolumeLabels).Text("Subpath", VolumeSubpath);
        if (HasDriver)
        {
            json.Object("DriverConfig", d => d.Text("Name", Driver).Map("Options", DriverOptions));
        }
    }

    private static (string Key, string? Value) Split(string field)
    {
        int equals = field.IndexOf('=', StringComparison.Ordinal);
        string key = equals < 0 ? field : field[..equals];
        string? value = equals < 0 ? null : field[(equals + 1)..];
        if (key.Trim() != key)
        {
            throw new SpecException($"invalid option '{key.Trim()}' in '{field}': option should not have whitespace");
        }

        if (value is not null && value.Trim().Length == 0)
        {
            throw new SpecException($"invalid value for '{key}': value is empty");
        }

        if (value is not null && value.Trim() != value)
        {
            throw new SpecException($"invalid value for '{key}' in '{field}': value should not have whitespace");
        }

        return (key.ToLowerInvariant(), value);
    }

    private void Set(string key, string? value, string field)
    {
        if (value is null && key is not ("readonly" or "ro" or "volume-nocopy" or "bind-nonrecursive" or "bind-create-src"))
        {
            throw new SpecException($"invalid field '{field}' must be a key=value pair");
        }

        string text = value ?? "";
        switch (key)
        {
            case "type": Type = text.ToLowerInvariant(); break;
            case "source" or "src": Source = text.StartsWith('.') ? Path.GetFullPath(text) : text; break;
            case "target" or "dst" or "destination": Target = text; break;
            case "readonly" or "ro": ReadOnly = Truth(key, value); break;
            case "consistency": Consistency = text.ToLowerInvariant(); break;
            case "bind-propagation": Propagation = text.ToLowerInvariant(); break;
            case "bind-nonrecursive": NonRecursive = Truth(key, value); break;
            case "bind-recursive": SetRecursion(key, text); break;
            case "bind-create-src": CreateMountpoint = Truth(key, value); break;
            case "volume-subpath": VolumeSubpath = text; break;
            case "volume-nocopy": NoCopy = Truth(key, value); break;
            case "volume-label": VolumeLabels = Add(VolumeLabels, text); break;
            case "volume-driver": Driver = text; break;
            case "volume-opt": DriverOptions = Add(DriverOptions, text); break;
            case "image-subpath": ImageSubpath = text; break;
            case "tmpfs-size":
                TmpfsSize = Units.ParseBinarySize(text, out long size) is null ? size : throw new SpecException($"invalid value for {key}: {text}");
                break;
            case "tmpfs-mode":
                TmpfsMode = Octal(text) ?? throw new SpecException($"invalid value for {key}: {text}");
                break;
            default:
                throw new SpecException($"unknown option '{key}' in '{field}'");
        }
    }

    private void SetRecursion(string key, string value)
    {
        switch (value)
        {
            case "enabled": break;
            case "disabled": NonRecursive = true; break;
            case "writable": ReadOnlyNonRecursive = true; break;
            case "readonly": ReadOnlyForceRecursive = true; break;
            default:
                throw new SpecException($"invalid value for {key}: {value} (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")");
        }
    }

    private void Validate()
    {
        if (Type.Length == 0)
        {
            throw new SpecException("type is required");
        }

        if (Target is null)
        {
            throw new SpecException("target is required");
        }

        foreach ((bool given, string type) in new[] { (HasBindOptions, "bind"), (HasVolumeOptions, "volume"), (ImageSubpath is not null, "image"), (HasTmpfsOptions, "tmpfs") })
        {
            if (given && Type != type)
            {
                throw new SpecException($"cannot mix '{type}-*' options with mount type '{Type}'");
            }
        }

        if (!ReadOnly && (ReadOnlyNonRecursive == true || ReadOnlyForceRecursive == true))
        {
            string value = ReadOnlyNonRecursive == true ? "writable" : "readonly";
            throw new SpecException($"option 'bind-recursive={value}' requires 'readonly' to be specified in conjunction");
        }

        if (ReadOnlyForceRecursive == true && Propagation != "rprivate")
        {
            throw new SpecException("option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction");
        }
    }

    private static bool Truth(string key, string? value) => value switch
    {
        null or "1" or "true" => true,
        "0" or "false" => false,
        _ => throw new SpecException(
            $"invalid value for '{key}': invalid boolean value ({GoString.Quote(value)}): must be one of \"true\", \"1\", \"false\", or \"0\" (default \"true\")"),
    };

    private static uint? Octal(string text) =>
        text.Length is > 0 and <= 10 && text.All(c => c is >= '0' and <= '7') ? Convert.ToUInt32(text, 8) : null;

    private static Dictionary<string, string>? Add(Dictionary<string, string>? map, string pair)
    {
        (string key, string value) = KeyValue.Split(pair);
        if (key.Length > 0)
        {
            map ??= [];
            map[key] = value;
        }

        return map;
    }
}
