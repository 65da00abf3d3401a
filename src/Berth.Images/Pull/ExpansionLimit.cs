using System.Globalization;

using Berth.Storage;

namespace Berth.Images.Pull;

/// <summary>How much a layer may grow when it is unpacked: a few kilobytes from a stranger must not fill the disk.</summary>
public sealed record ExpansionLimit
{
    /// <summary>Bytes of one layer's archive.</summary>
    public long Most { get; init; } = 256L << 30;

    /// <summary>Up to so many bytes nobody asks how small they were before.</summary>
    public long Free { get; init; } = 4L << 30;

    /// <summary>Above that, how many times its packed size it may have. Systems have 2 to 5; gzip cannot exceed 1,032.</summary>
    public int Ratio { get; init; } = 200;

    /// <exception cref="EngineException">Invalid: it is a bomb.</exception>
    internal void Check(long unpacked, long packed, string layer)
    {
        if (unpacked > Most)
        {
            throw EngineException.Invalid(string.Create(CultureInfo.InvariantCulture, $"the layer {layer} unpacks to more than {Most >> 30} GiB: refused"));
        }

        if (unpacked > Free && unpacked / Ratio > packed)
        {
            throw EngineException.Invalid(string.Create(CultureInfo.InvariantCulture, $"the layer {layer} of {packed} bytes unpacks to more than {Ratio} times as many: refused"));
        }
    }
}
