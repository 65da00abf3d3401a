using System.Globalization;

using Berth.Cli.CommandLine;

namespace Berth.Cli.Specs;

/// <summary>One "--network NAME" or "--network name=NAME,alias=…,ip=…".</summary>
internal sealed record NetworkSpec(string Target)
{
    public List<string> Aliases { get; init; } = [];

    public List<string> Links { get; init; } = [];

    public List<string> LinkLocalIPs { get; init; } = [];

    public Dictionary<string, string> DriverOptions { get; init; } = [];

    public string? IPv4 { get; set; }

    public string? IPv6 { get; set; }

    public string? MacAddress { get; set; }

    public long? GatewayPriority { get; set; }

    /// <summary>A network somebody made, so that aliases and addresses make sense on it.</summary>
    public bool IsUserDefined => !(Target is "default" or "bridge" or "host" or "none" || Target.StartsWith("container:", StringComparison.Ordinal));

    /// <summary>Nothing but the name was given.</summary>
    public bool IsPlain => Aliases.Count + Links.Count + LinkLocalIPs.Count + DriverOptions.Count == 0 && (IPv4 ?? IPv6 ?? MacAddress) is null && GatewayPriority is null or 0;

    /// <exception cref="SpecException">With Docker's text.</exception>
    public static NetworkSpec Parse(string text)
    {
        if (!IsLongForm(text))
        {
            return new NetworkSpec(text);
        }

        List<string> fields = CsvFields.Parse(text);
        var spec = new NetworkSpec("");
        foreach (string field in fields)
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new SpecException($"invalid field {field}");
            }

            string key = field[..equals].Trim().ToLowerInvariant();
            string value = field[(equals + 1)..].Trim();
            spec = key == "name" ? spec with { Target = value } : spec.Set(key, value);
        }

        return spec.Target.Length > 0 ? spec : throw new SpecException("network name/id is not specified");
    }

    public static string? Check(ref string value) => FlagChecks.By(value, Parse);

    // A word, "=" and a word anywhere in it: what Docker looks for.
    private static bool IsLongForm(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && equals + 1 < text.Length && IsWord(text[equals - 1]) && IsWord(text[equals + 1]);
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private NetworkSpec Set(string key, string value)
    {
        switch (key)
        {
            case "alias": Aliases.Add(value); break;
            case "ip": IPv4 = IpText.IsV4(value) ? value : throw new SpecException($"invalid ipv4 address: {value}"); break;
            case "ip6": IPv6 = IpText.IsV6(value) ? value : throw new SpecException($"invalid ipv6 address: {value}"); break;
            case "mac-address": MacAddress = value; break;
            case "link-local-ip": LinkLocalIPs.Add(value); break;
            case "driver-opt":
                (string name, string option) = KeyValue.Split(value);
                DriverOptions[name] = option.Length > 0 ? option : throw new SpecException("invalid key value pair format in driver options");
                break;
            case "gw-priority":
                GatewayPriority = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long priority)
                    ? priority
                    : throw new SpecException($"invalid gw-priority ({value}): invalid syntax");
                break;
            default:
                throw new SpecException($"invalid field key {key}");
        }

        return this;
    }
}
