using Berth.Cli.Text;

namespace Berth.Cli.Specs;

/// <summary>Checks of single words: addresses, domains, names of kernel parameters.</summary>
internal static class HostChecks
{
    private static readonly string[] Sysctls =
        ["kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced"];

    public static string? Address(ref string value)
    {
        string given = value;
        string text = value.Trim();
        value = IpText.IsAddress(text) ? IpText.Normal(text) : value;
        return IpText.IsAddress(text) ? null : $"IP address is not correctly formatted: {given}";
    }

    /// <summary>A domain to search; "." searches none.</summary>
    public static string? SearchDomain(ref string value)
    {
        string text = value.Trim(' ');
        if (text == ".")
        {
            value = text;
            return null;
        }

        string given = value;
        string domain = text.EndsWith('.') ? text[..^1] : text;
        bool good = domain.Length is > 0 and < 255 && domain.Any(char.IsAsciiLetter) && domain.Split('.').All(IsLabel);
        value = domain;
        return good ? null : $"{given} is not a valid domain";
    }

    /// <summary>"name:address", "name=address" or "name:host-gateway"; sent with a colon.</summary>
    public static string? ExtraHost(ref string value)
    {
        string given = value;
        int cut = value.IndexOf('=', StringComparison.Ordinal);
        cut = cut < 0 ? value.IndexOf(':', StringComparison.Ordinal) : cut;
        if (cut <= 0 || value[..cut].Contains(':', StringComparison.Ordinal))
        {
            return $"bad format for add-host: {GoString.Quote(given)}";
        }

        string address = value[(cut + 1)..];
        address = address.Length > 2 && address[0] == '[' && address[^1] == ']' ? address[1..^1] : address;
        value = $"{value[..cut]}:{address}";
        return address == "host-gateway" || IpText.IsAddress(address) ? null : $"invalid IP address in add-host: {GoString.Quote(address)}";
    }

    /// <summary>"container[:alias]".</summary>
    public static string? Link(ref string value) =>
        value.Length == 0 ? "empty string specified for links"
        : value.Split(':').Length > 2 ? $"bad format for links: {value}"
        : null;

    public static string? Sysctl(ref string value)
    {
        (string key, _) = KeyValue.Split(value);
        bool allowed = value.Contains('=', StringComparison.Ordinal) && key.Length > 0
            && (Array.IndexOf(Sysctls, key) >= 0 || key.StartsWith("net.", StringComparison.Ordinal) || key.StartsWith("fs.mqueue.", StringComparison.Ordinal));
        return allowed ? null : $"sysctl '{value}' is not allowed";
    }

    /// <summary>"a 10:200 rwm".</summary>
    public static string? DeviceRule(ref string value)
    {
        string[] words = value.Split(' ');
        string[] numbers = words.Length == 3 ? words[1].Split(':') : [];
        bool good = words.Length == 3 && words[0] is "a" or "b" or "c" && numbers.Length == 2
            && Array.TrueForAll(numbers, n => n == "*" || (n.Length > 0 && n.All(char.IsAsciiDigit)))
            && words[2].Length is >= 1 and <= 3 && words[2].All(c => c is 'r' or 'w' or 'm');
        return good ? null : $"invalid device cgroup format '{value}'";
    }

    public static string? Stream(ref string value)
    {
        string lower = value.ToLowerInvariant();
        bool good = lower is "stdin" or "stdout" or "stderr";
        value = good ? lower : value;
        return good ? null : "valid streams are STDIN, STDOUT and STDERR";
    }

    private static bool IsLabel(string label) =>
        label.Length > 0 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
