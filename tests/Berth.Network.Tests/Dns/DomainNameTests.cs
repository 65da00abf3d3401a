using System.Text;

using Berth.Network.Dns.Messages;

using CsCheck;

namespace Berth.Network.Tests.Dns;

public sealed class DomainNameTests
{
    private static string? Text(byte[] message, int at)
    {
        Span<byte> wire = stackalloc byte[DomainName.LongestWire];
        Span<char> text = stackalloc char[DomainName.LongestText];
        return DomainName.TryRead(message, ref at, wire, out int length) ? text[..DomainName.ToText(wire[..length], text)].ToString() : null;
    }

    private static byte[] AfterHeader(params byte[] bytes) => [.. new byte[12], .. bytes];

    [Theory]
    [InlineData("web", "web")]
    [InlineData("WEB.Example.ORG.", "web.example.org")]
    [InlineData("_dns.x-y.org", "_dns.x-y.org")]
    [InlineData("bö", "b\\195\\182")]
    [InlineData("a b\n", "a\\032b\\010")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("", "")]
    [InlineData(".", "")]
    public void PeoplesNamesHaveOneText(string given, string text) => Assert.Equal(text, DomainName.Normal(given));

    [Theory]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a..")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void WhatIsNoNameHasNone(string given) => Assert.Null(DomainName.Normal(given));

    [Fact]
    public void ANameIsAtMost255Bytes()
    {
        string longest = string.Join('.', Enumerable.Repeat(new string('a', 63), 3)) + "." + new string('b', 61);
        Assert.NotNull(DomainName.Normal(longest));
        Assert.Null(DomainName.Normal(longest + "b"));
    }

    [Fact]
    public void ADotInsideALabelIsNotADotBetweenTwo() => Assert.Equal("a\\.b.c", Text(AfterHeader(3, (byte)'a', (byte)'.', (byte)'b', 1, (byte)'c', 0), 12));

    [Fact]
    public void PointersLeadToTheFront()
    {
        byte[] message = AfterHeader(3, (byte)'o', (byte)'r', (byte)'g', 0, 1, (byte)'a', 0xC0, 12);
        int at = 17;
        Span<byte> wire = stackalloc byte[DomainName.LongestWire];
        Assert.True(DomainName.TryRead(message, ref at, wire, out int length));
        Assert.Equal(message.Length, at);
        Assert.Equal(TestMessage.Name("a.org"), wire[..length].ToArray());
    }

    [Theory]
    [InlineData(0xC0, 12)] // to itself
    [InlineData(0xC0, 14)] // forward
    [InlineData(0xC0, 0)] // into the header
    [InlineData(0xFF, 0xFF)] // beyond
    [InlineData(1, 97, 0xC0, 12)] // a loop with a label
    [InlineData(0xC0)] // half a pointer
    [InlineData(0x40, 0)] // no label type in use
    [InlineData(0x80, 0)]
    [InlineData(5, 97, 98)] // cut
    [InlineData(1, 97)] // no end
    public void LoopsAndCutNamesAreMalformed(params int[] bytes) => Assert.Null(Text(AfterHeader([.. bytes.Select(b => (byte)b)]), 12));

    [Fact]
    public void ALoopOverTwoPointersIsMalformed() => Assert.Null(Text(AfterHeader(0xC0, 14, 0xC0, 12), 14));

    [Fact]
    public void AChainOfPointersIsBoundedByTheLengthOfTheName()
    {
        // Label, pointer to the one before, and so on: 200 labels of two bytes are too long a name.
        List<byte> bytes = [.. new byte[12], 0];
        for (int previous = 12, i = 0; i < 200; i++)
        {
            int here = bytes.Count;
            bytes.AddRange([1, (byte)'x', (byte)(0xC0 | (previous >> 8)), (byte)previous]);
            previous = here;
        }

        Assert.Null(Text([.. bytes], bytes.Count - 4));
        Assert.Equal(string.Join('.', Enumerable.Repeat('x', 100)), Text([.. bytes], 13 + (99 * 4)));
    }

    [Fact]
    public void RandomBytesAreReadOrMalformed() => Gen.Byte.Array[0, 80].Sample(bytes =>
    {
        byte[] message = [.. new byte[12], .. bytes.Select(b => (byte)(b % 3 == 0 ? b & 7 : b % 3 == 1 ? 0xC0 : b))];
        for (int at = 12; at <= message.Length; at++)
        {
            Text(message, at);
            int skip = at;
            if (DomainName.TrySkip(message, ref skip))
            {
                Assert.InRange(skip, at + 1, message.Length);
            }
        }
    });

    [Fact]
    public void DifferentNamesHaveDifferentTexts() =>
        Gen.Select(Labels, Labels).Sample((a, b) =>
        {
            string? one = Text([.. new byte[12], .. a], 12), other = Text([.. new byte[12], .. b], 12);
            Assert.NotNull(one);
            Assert.Equal(DomainName.Same(a, b), one == other);
            Assert.All(one, c => Assert.InRange(c, '!', '~'));
        });

    // Few different bytes, so that equal names occur and dots, backslashes and digits meet.
    private static Gen<byte[]> Labels => Gen.Int[0, 6].Select(i => ".\\0aA2\0"[i]).Select(c => (byte)c).Array[1, 2].Array[0, 2]
        .Select(labels => labels.SelectMany(label => (byte[])[(byte)label.Length, .. label]).Append((byte)0).ToArray());

    [Fact]
    public void WrittenNamesAreReadAgain() => Gen.String[Gen.Char["abcXYZ019-_é"], 1, 20].Array[1, 6].Sample(labels =>
    {
        string name = string.Join('.', labels);
        Span<byte> wire = stackalloc byte[DomainName.LongestWire];
        Assert.True(DomainName.TryWrite(name, wire, out int length));
        Assert.Equal(TestMessage.Name(name), wire[..length].ToArray());
        Assert.Equal(Encoding.UTF8.GetByteCount(name) + 2, length);
    });
}
