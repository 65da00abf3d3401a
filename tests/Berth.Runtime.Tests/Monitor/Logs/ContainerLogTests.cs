using System.Text;

using Berth.Runtime.Monitor.Logs;

using CsCheck;

namespace Berth.Runtime.Tests.Monitor.Logs;

public sealed class ContainerLogTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string LogPath => _folder["log"];

    [Fact]
    public void LinesOfBothStreamsAreKeptApart()
    {
        using (ContainerLog log = Open())
        {
            log.Write(log.Output, "one\ntw"u8);
            log.Write(log.Error, "bad\n"u8);
            log.Write(log.Output, "o\n\n"u8);
        }

        Assert.Equal([("one\n", "stdout"), ("bad\n", "stderr"), ("two\n", "stdout"), ("\n", "stdout")], LogReader.Read(LogPath).Select(e => (e.Log, e.Stream)));
    }

    /// <summary>moby's copier: parts of 16 KiB without a newline, the last with it; all carry the time of the first.</summary>
    [Theory]
    [InlineData(16383, new[] { 16384 })]
    [InlineData(16384, new[] { 16384, 1 })]
    [InlineData(16385, new[] { 16384, 2 })]
    [InlineData(40000, new[] { 16384, 16384, 7233 })]
    public void ALongLineIsLoggedInParts(int length, int[] parts)
    {
        using (ContainerLog log = Open())
        {
            log.Write(log.Output, Encoding.ASCII.GetBytes(new string('x', length) + "\nnext\n"));
        }

        IReadOnlyList<LogEntry> entries = LogReader.Read(LogPath);
        Assert.Equal([.. parts, 5], entries.Select(e => e.Log.Length));
        Assert.Single(entries.SkipLast(1).Select(e => e.Time).Distinct());
        Assert.NotEqual(entries[0].Time, entries[^1].Time);
        Assert.All(entries.SkipLast(2), e => Assert.False(e.Log.EndsWith('\n')));
    }

    [Fact]
    public void WhatHasNoNewlineIsLoggedAtTheEnd()
    {
        using (ContainerLog log = Open())
        {
            log.Write(log.Output, "no newline"u8);
            log.End(log.Output);
            log.End(log.Error);
        }

        Assert.Equal("no newline", Assert.Single(LogReader.Read(LogPath)).Log);
    }

    [Fact]
    public void TimesNeverRepeatWithinARead()
    {
        using (ContainerLog log = Open(() => 1_700_000_000_000_000_000))
        {
            log.Write(log.Output, "a\nb\nc\n"u8);
            log.Write(log.Output, "d\n"u8);
        }

        Assert.Equal(
            ["2023-11-14T22:13:20Z", "2023-11-14T22:13:20.000000001Z", "2023-11-14T22:13:20.000000002Z", "2023-11-14T22:13:20.000000003Z"],
            LogReader.Read(LogPath).Select(e => e.Time));
    }

    [Fact]
    public void AnyCutOfTheStreamGivesTheSameLines() =>
        Gen.Select(Gen.OneOf(Gen.Const((byte)'\n'), Gen.Byte, Gen.Byte[97, 99]).Array[0, 400], Gen.Int[1, 50]).Sample(
            static (bytes, cut) =>
            {
                using var folder = new TestFolder();
                using (var log = new ContainerLog(new LogFile(folder["log"], 0, 1)))
                {
                    for (int i = 0; i < bytes.Length; i += cut)
                    {
                        log.Write(log.Output, bytes.AsSpan(i, Math.Min(cut, bytes.Length - i)));
                    }

                    log.End(log.Output);
                }

                Assert.Equal(GoText.Of(bytes), string.Concat(LogReader.Read(folder["log"]).Select(e => e.Log)));
            },
            iter: 200);

    [Fact]
    public void MemoryIsGivenBackWithoutLosingTheUnfinishedLine()
    {
        using (ContainerLog log = Open())
        {
            log.Write(log.Output, "begun "u8);
            log.Release();
            log.Write(log.Output, "ended\n"u8);
            log.Release();
            log.Write(log.Output, "again\n"u8);
        }

        Assert.Equal(["begun ended\n", "again\n"], LogReader.Read(LogPath).Select(e => e.Log));
    }

    public void Dispose() => _folder.Dispose();

    private ContainerLog Open(Func<long>? clock = null) => new(new LogFile(LogPath, 0, 1), clock);
}
