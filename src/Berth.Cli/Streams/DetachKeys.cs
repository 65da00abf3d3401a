using Berth.Cli.Specs;

namespace Berth.Cli.Streams;

/// <summary>Watches typed keys for the sequence that leaves a container running. A begun sequence is held back until it is known to be none.</summary>
internal sealed class DetachKeys(byte[] sequence)
{
    private int matched;

    /// <summary>Ctrl-P, Ctrl-Q.</summary>
    public static byte[] Default => [16, 17];

    /// <summary>Reads "ctrl-p,ctrl-q", "a,DEL,ctrl-\\" and the like; empty: the default.</summary>
    /// <exception cref="SpecException">With Docker's text.</exception>
    public static byte[] Parse(string text)
    {
        if (text.Length == 0)
        {
            return Default;
        }

        return text.Split(',').Select(key => Key(key)
            ?? throw new SpecException($"invalid detach keys ({text}): Unknown character: '{key}'")).ToArray();
    }

    /// <summary>Looks at what was typed.</summary>
    /// <param name="typed">The keys.</param>
    /// <param name="passed">Takes what is to be sent.</param>
    /// <returns>True when the sequence is complete.</returns>
    public bool Watch(ReadOnlySpan<byte> typed, Action<byte> passed)
    {
        foreach (byte key in typed)
        {
            if (key == sequence[matched])
            {
                if (++matched == sequence.Length)
                {
                    return true;
                }

                continue;
            }

            for (int i = 0; i < matched; i++)
            {
                passed(sequence[i]);
            }

            matched = key == sequence[0] ? 1 : 0;
            if (matched == 0)
            {
                passed(key);
            }
        }

        return false;
    }

    private static byte? Key(string text)
    {
        if (text.Length == 1 && text[0] < 128)
        {
            return (byte)text[0];
        }

        if (text == "DEL")
        {
            return 127;
        }

        if (text.Length == 6 && text.StartsWith("ctrl-", StringComparison.Ordinal))
        {
            char key = text[5];
            return key is >= 'a' and <= 'z' ? (byte)(key - 'a' + 1)
                : "@[\\]^_".Contains(key, StringComparison.Ordinal) ? (byte)(key & 0x1F)
                : null;
        }

        return null;
    }
}
