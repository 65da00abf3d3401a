using System.Globalization;

using Berth.Api;
using Berth.Storage;

namespace Berth.Engine.Logs;

/// <summary>--log-driver and --log-opt of the drivers that the monitor writes for.</summary>
/// <param name="Keep">False for the driver none.</param>
/// <param name="MaxSize">Bytes before a file is rotated; 0: never.</param>
/// <param name="MaxFiles">Files kept in all.</param>
internal sealed record LogLimits(bool Keep, long MaxSize, int MaxFiles)
{
    /// <exception cref="EngineException">Invalid: an option that is malformed or not the driver's. NotImplemented: a driver that is not there yet.</exception>
    public static LogLimits Of(HostConfigLogConfig? config)
    {
        IReadOnlyDictionary<string, string> options = config?.Config ?? new Dictionary<string, string>();
        switch (config?.Type)
        {
            case null or "" or "json-file":
                break;
            case "none":
                return new LogLimits(false, 0, 1);
            default:
                throw EngineException.NotImplemented($"log driver \"{config.Type}\" is not supported yet: use json-file or none");
        }

        long size = 0;
        int files = 1;
        foreach ((string key, string value) in options)
        {
            switch (key)
            {
                case "max-size":
                    size = Size(value);
                    break;
                case "max-file":
                    files = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0 ? n : throw EngineException.Invalid("max-file cannot be less than 1");
                    break;
                case "compress" or "labels" or "labels-regex" or "env" or "env-regex" or "tag" or "mode" or "max-buffer-size":
                    throw EngineException.NotImplemented($"log option \"{key}\" of json-file is not supported yet");
                default:
                    throw EngineException.Invalid($"unknown log opt '{key}' for json-file log driver");
            }
        }

        return size == 0 && files > 1 ? throw EngineException.Invalid("max-file cannot be specified without max-size") : new LogLimits(true, size, files);
    }

    // As go-units RAMInBytes: 10, 10k, 10kb, 10m … in powers of 1024.
    private static long Size(string text)
    {
        string lower = text.Trim().ToLowerInvariant();
        string digits = lower.TrimEnd('b').TrimEnd('i');
        int shift = digits.Length == 0 ? 0 : digits[^1] switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, _ => 0 };
        digits = (shift > 0 ? digits[..^1] : digits).Trim();
        return lower == "-1" ? 0
            : double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double n) && n > 0 ? (long)(n * (1L << shift))
            : throw EngineException.Invalid($"invalid max-size: '{text}'");
    }
}
