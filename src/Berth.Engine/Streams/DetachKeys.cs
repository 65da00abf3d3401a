using Berth.Storage;

namespace Berth.Engine.Streams;

/// <summary>The keys that leave a terminal's container running.</summary>
public static class DetachKeys
{
    public static readonly byte[] Default = [16, 17]; // ctrl-p, ctrl-q

    /// <summary>Reads "ctrl-p,ctrl-q", or single characters, comma separated.</summary>
    /// <exception cref="EngineException">Invalid: no such key.</exception>
    public static byte[] Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Default;
        }

        var keys = new List<byte>();
        foreach (string key in text.Split(','))
        {
            keys.Add(key.Length == 1 && char.IsAscii(key[0]) ? (byte)key[0]
                : key.Length == 6 && key.StartsWith("ctrl-", StringComparison.Ordinal) && Control(key[5]) is { } control ? control
                : throw EngineException.Invalid($"Invalid escape keys ({text}) provided: unknown character: '{key}'"));
        }

        return [.. keys];
    }

    private static byte? Control(char letter) => letter switch
    {
        >= 'a' and <= 'z' => (byte)(letter - 'a' + 1),
        '@' => 0,
        '[' => 27,
        '\\' => 28,
        ']' => 29,
        '^' => 30,
        '_' => 31,
        _ => null,
    };
}
