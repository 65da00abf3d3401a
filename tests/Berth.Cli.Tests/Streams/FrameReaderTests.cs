using Berth.Cli.Http;
using Berth.Cli.Streams;

using CsCheck;

namespace Berth.Cli.Tests.Streams;

public sealed class FrameReaderTests
{
    /// <summary>Wherever the network cuts the bytes, each stream gets its own in order.</summary>
    [Fact]
    public void CutsDoNotMatter() => Gen.Select(Gen.Select(Gen.Int[1, 2], Gen.String[0, 20]).List[0, 8], Gen.Int[1, 9]).Sample((frames, cut) =>
    {
        byte[] all = frames.SelectMany(f => FakeAnswer.Frame((byte)f.Item1, f.Item2)).ToArray();
        var output = new List<byte>();
        var error = new List<byte>();
        var reader = new FrameReader(b => output.AddRange(b), b => error.AddRange(b));
        foreach (byte[] piece in all.Chunk(cut))
        {
            reader.Take(piece);
        }

        return output.SequenceEqual(Of(1)) && error.SequenceEqual(Of(2));

        IEnumerable<byte> Of(int stream) => frames.Where(f => f.Item1 == stream).SelectMany(f => System.Text.Encoding.UTF8.GetBytes(f.Item2));
    });

    [Fact]
    public void AnErrorOfTheDaemonIsOne() =>
        Assert.Equal("error from daemon in stream: gone", Assert.Throws<ConnectionException>(() => new FrameReader(null, null).Take(FakeAnswer.Frame(3, "gone"))).Message);

    [Fact]
    public void WhatIsNoFrameIsSaid() =>
        Assert.Equal("Unrecognized input header: 104", Assert.Throws<ConnectionException>(() => new FrameReader(null, null).Take("hello world"u8)).Message);
}
