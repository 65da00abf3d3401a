using System.Text;
using System.Text.Json;

using Berth.Runtime.Monitor.Logs;

using CsCheck;

namespace Berth.Runtime.Tests.Monitor.Logs;

public sealed class LogLineEncoderTests
{
    /// <summary>Right sides as moby's jsonlogbytes.go writes them.</summary>
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("tab\there", "tab\\u0009here")]
    [InlineData("a\rb", "a\\rb")]
    [InlineData("say \"hi\" \\o/", "say \\\"hi\\\" \\\\o/")]
    [InlineData("<a> & <b>", "\\u003ca\\u003e \\u0026 \\u003cb\\u003e")]
    [InlineData("\u001b[31mred\u0000", "\\u001b[31mred\\u0000")]
    [InlineData("del\u007f", "del\u007f")]
    [InlineData("line\u2028para\u2029", "line\\u2028para\\u2029")]
    [InlineData("ünïcödé 😀 \ufffd", "ünïcödé 😀 \ufffd")]
    public void EscapesAsDockerDoes(string text, string expected) => Assert.Equal(expected, Escape(Encoding.UTF8.GetBytes(text)));

    /// <summary>Go gives up one byte at a time; a decoder that drops a broken sequence as a whole would write fewer.</summary>
    [Theory]
    [InlineData(new byte[] { 0xE2, 0x82 }, "\\ufffd\\ufffd")]
    [InlineData(new byte[] { 0xC0, 0xAF }, "\\ufffd\\ufffd")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "\\ufffd\\ufffd\\ufffd")]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98, (byte)'x' }, "\\ufffd\\ufffd\\ufffdx")]
    [InlineData(new byte[] { 0xFF }, "\\ufffd")]
    public void EveryInvalidByteIsOneReplacement(byte[] bytes, string expected) => Assert.Equal(expected, Escape(bytes));

    [Fact]
    public void ALineHasDockersKeysInDockersOrder()
    {
        byte[] into = new byte[200];
        int length = LogLineEncoder.Encode("hi"u8, complete: true, "stderr"u8, "2026-01-02T03:04:05.6Z"u8, into);
        Assert.Equal("{\"log\":\"hi\\n\",\"stream\":\"stderr\",\"time\":\"2026-01-02T03:04:05.6Z\"}\n", Encoding.UTF8.GetString(into, 0, length));
        length = LogLineEncoder.Encode("hi"u8, complete: false, "stdout"u8, "2026-01-02T03:04:05Z"u8, into);
        Assert.Equal("{\"log\":\"hi\",\"stream\":\"stdout\",\"time\":\"2026-01-02T03:04:05Z\"}\n", Encoding.UTF8.GetString(into, 0, length));
    }

    [Fact]
    public void AnyBytesParseToWhatGoWouldSee() =>
        Gen.OneOf(Gen.Byte.Array[0, 300], Gen.String.Select(Encoding.UTF8.GetBytes), Gen.Int[0, 6].Select(static i => "\u00e2\u0080\u00a8\u00a9\u00f0<a"[i]).Select(static c => (byte)c).Array[0, 60])
            .Sample(static bytes =>
            {
                byte[] into = new byte[(bytes.Length * LogLineEncoder.MaxGrowth) + LogLineEncoder.Overhead];
                int length = LogLineEncoder.Encode(bytes, complete: true, "stdout"u8, "2026-01-02T03:04:05.123456789Z"u8, into);
                using var line = JsonDocument.Parse(into.AsMemory(0, length));
                Assert.Equal(GoText.Of(bytes) + "\n", line.RootElement.GetProperty("log").GetString());
            });

    private static string Escape(ReadOnlySpan<byte> text)
    {
        byte[] into = new byte[text.Length * LogLineEncoder.MaxGrowth];
        return Encoding.UTF8.GetString(into, 0, LogLineEncoder.Escape(text, into));
    }
}
