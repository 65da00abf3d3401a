namespace Berth.Engine.Streams;

/// <summary>
/// Finds the detach keys in a terminal's input, however it is cut into pieces. Keys that may be their beginning are held back until the next
/// byte decides: they are passed on where it does not continue them.
/// </summary>
public sealed class DetachScanner(byte[] keys)
{
    private int _held;

    /// <summary>Takes the next piece of input. True: the keys are complete; <paramref name="output"/> then holds what came before them.</summary>
    /// <param name="input">What was typed.</param>
    /// <param name="output">Receives what the container is to read.</param>
    public bool Scan(ReadOnlySpan<byte> input, List<byte> output)
    {
        foreach (byte b in input)
        {
            // As a terminal user expects it: a key that breaks the sequence may begin it anew.
            while (_held > 0 && b != keys[_held])
            {
                int kept = Overlap(b);
                output.AddRange(keys.AsSpan(0, _held - kept));
                _held = kept;
                if (kept > 0 || b == keys[0])
                {
                    break;
                }
            }

            if (b == keys[_held])
            {
                if (++_held == keys.Length)
                {
                    _held = 0;
                    return true;
                }
            }
            else
            {
                output.Add(b);
            }
        }

        return false;
    }

    // How many of the held keys are themselves a beginning that b continues (the failure function of Knuth, Morris and Pratt).
    private int Overlap(byte b)
    {
        for (int kept = _held - 1; kept > 0; kept--)
        {
            if (keys.AsSpan(_held - kept, kept).SequenceEqual(keys.AsSpan(0, kept)) && keys[kept] == b)
            {
                return kept;
            }
        }

        return 0;
    }
}
