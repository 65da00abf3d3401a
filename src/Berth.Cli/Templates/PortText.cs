using System.Globalization;

namespace Berth.Cli.Templates;

/// <summary>The keys of port maps are a type of their own in Go: {{range $p, $b := .NetworkSettings.Ports}}{{$p.Port}}{{end}}.</summary>
internal static class PortText
{
    public static bool TryField(string text, string name, out object? value)
    {
        string[] parts = text.Split('/');
        value = (parts.Length, name) switch
        {
            (2, "Port") => parts[0],
            (2, "Proto") => parts[1],
            (2, "Int") => long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0L,
            _ => null,
        };
        return value is not null;
    }
}
