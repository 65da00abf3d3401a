using Berth.Engine.Streams;
using Berth.Storage;

using CsCheck;

namespace Berth.Engine.Tests.Streams;

public sealed class DetachTests
{
    [Fact]
    public void KeysAreRead()
    {
        Assert.Equal([16, 17], DetachKeys.Parse(null));
        Assert.Equal([1, (byte)'x'], DetachKeys.Parse("ctrl-a,x"));
        Assert.Equal([0, 27, 28, 29, 30, 31], DetachKeys.Parse("ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_"));
        Assert.Throws<EngineException>(() => DetachKeys.Parse("ctrl-1"));
        Assert.Throws<EngineException>(() => DetachKeys.Parse("ab"));
    }

    [Fact]
    public void KeysInPiecesAreFoundAndWhatCameBeforeIsPassedOn()
    {
        var scanner = new DetachScanner([16, 17]);
        var output = new List<byte>();
        Assert.False(scanner.Scan("ls"u8, output));
        Assert.False(scanner.Scan([16], output));
        Assert.True(scanner.Scan([17, (byte)'x'], output));
        Assert.Equal("ls"u8.ToArray(), output);
    }

    [Fact]
    public void ABrokenSequenceIsPassedOnWhole()
    {
        var scanner = new DetachScanner([16, 17]);
        var output = new List<byte>();
        Assert.False(scanner.Scan([16, 16, (byte)'a', 16], output));
        Assert.Equal([16, 16, (byte)'a'], output);
    }

    /// <summary>However the input is cut, the scanner agrees with a search over all of it, and loses and adds nothing.</summary>
    [Fact]
    public void ItAgreesWithASearchOverTheWholeInput()
    {
        Gen<byte> letter = Gen.Byte[1, 3];
        Gen.Select(letter.Array[1, 4], letter.Array[0, 40], Gen.Int[1, 5]).Sample((keys, input, piece) =>
        {
            var scanner = new DetachScanner(keys);
            var output = new List<byte>();
            bool found = false;
            foreach (byte[] cut in input.Chunk(piece))
            {
                if (scanner.Scan(cut, output))
                {
                    found = true;
                    break;
                }
            }

            int at = input.AsSpan().IndexOf(keys);
            Assert.Equal(at >= 0, found);
            if (found)
            {
                Assert.Equal(input[..at], output);
            }
            else
            {
                Assert.True(input.AsSpan().StartsWith(output.ToArray()));
                Assert.True(keys.AsSpan().StartsWith(input.AsSpan(output.Count)), "what is held back is a beginning of the keys");
            }
        });
    }
}
