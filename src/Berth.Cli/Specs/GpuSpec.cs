using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Json;

namespace Berth.Cli.Specs;

/// <summary>One "--gpus all" or "--gpus device=0,driver=nvidia".</summary>
internal sealed record GpuSpec(string Driver, long Count, string[] Devices, string[] Capabilities, Dictionary<string, string> Options)
{
    /// <exception cref="SpecException">With Docker's text.</exception>
    public static GpuSpec Parse(string text)
    {
        string driver = "";
        long? count = null;
        string[] devices = [], capabilities = ["gpu"];
        Dictionary<string, string> options = [];
        var seen = new HashSet<string>();
        foreach (string field in CsvFields.Parse(text))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? "count" : field[..equals];
            string value = equals < 0 ? field : field[(equals + 1)..];
            if (!seen.Add(key))
            {
                throw new SpecException($"gpu request key '{key}' can be specified only once");
            }

            switch (key)
            {
                case "driver": driver = value; break;
                case "count": count = ParseCount(value); break;
                case "device": devices = value.Split(','); break;
                case "capabilities": capabilities = [.. value.Split(','), "gpu"]; break;
                case "options": options = KeyValue.ToMap(CsvFields.Parse(value)); break;
                default: throw new SpecException($"unexpected key '{key}' in '{field}'");
            }
        }

        return new GpuSpec(driver, count ?? (devices.Length > 0 ? 0 : 1), devices, capabilities, options);
    }

    public static string? Check(ref string value) => FlagChecks.By(value, Parse);

    /// <summary>As the API's DeviceRequest.</summary>
    public void Write(JsonBuilder json) => json.Text("Driver", Driver).Int("Count", Count)
        .List("DeviceIDs", Devices.Length > 0 ? Devices : null).Lists("Capabilities", [Capabilities]).Map("Options", Options);

    private static long ParseCount(string text) =>
        text == "all" ? -1
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long count) ? count
        : throw new SpecException($"invalid count ({text}): value must be either \"all\" or an integer: invalid syntax");
}
