using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

using Berth.Engine.Logs;
using Berth.Linux.Notify;

using CsCheck;

namespace Berth.Engine.Tests.Logs;

public sealed class LogTests : IDisposable
{
    private static readonly LogOptions All = new() { Stdout = true, Stderr = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-logs-").FullName;
    private readonly FolderWatcher _watcher = new();

    private string LogPath => Path.Join(_folder, "x-json.log");

    public void Dispose()
    {
        _watcher.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Whatever was logged, in however many files: the frames say the same, in the same order; a tail says its end.</summary>
    [Fact]
    public async Task FramesEqualLines()
    {
        Gen<(string Text, bool Stderr)> line = Gen.Select(Gen.String[Gen.Char["abcß\"\\\u0001\u4e2d\t"], 0, 40], Gen.Bool);
        await Gen.Select(line.Array[0, 60], Gen.Int[0, 3], Gen.Int[0, 80]).SampleAsync(
            async (lines, rotations, tail) =>
            {
                Write(lines, rotations);
                Assert.Equal(lines, await ReadAsync(All));
                Assert.Equal(lines[Math.Max(0, lines.Length - tail)..], await ReadAsync(All with { Tail = tail }));
                Assert.Equal(lines.Where(l => l.Stderr), await ReadAsync(new LogOptions { Stderr = true }));
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public async Task ATerminalsLogIsRawAndTimesMayPrecede()
    {
        Write([("one", false), ("two", true)], 0);
        Assert.Equal("one\ntwo\n", await TextAsync(All));
        Assert.Equal("2030-01-02T12:00:00.000000001Z two\n", await TextAsync(All with { Timestamps = true, Tail = 1 }));
    }

    [Fact]
    public async Task SinceAndUntilBoundTheLines()
    {
        DateTimeOffset second = Samples.Noon;
        File.WriteAllText(LogPath, string.Concat(Enumerable.Range(0, 5).Select(i => Line($"{i}", false, $"2030-01-02T12:00:0{i}.5Z"))));
        Assert.Equal("2\n3\n4\n", await TextAsync(All with { Since = second.AddSeconds(2) }));
        Assert.Equal("0\n1\n2\n", await TextAsync(All with { Until = second.AddSeconds(2.5) }));
        Assert.Equal("4\n", await TextAsync(All with { Since = second.AddSeconds(4.5) }));
    }

    [Fact]
    public async Task ATornLineIsPassedOver()
    {
        File.WriteAllText(LogPath, "{\"log\":\"half" + "\n" + Line("whole", false) + "{\"log\":\"unfinished");
        Assert.Equal("whole\n", await TextAsync(All));
    }

    [Fact]
    public async Task NoFileIsNoLines() => Assert.Equal("", await TextAsync(All));

    /// <summary>Lines are written and files rotated while somebody follows: nothing is lost and nothing comes twice, and the end ends it.</summary>
    [Fact]
    public async Task FollowingLosesNothingOverRotations()
    {
        const int Lines = 5000;
        var end = new TaskCompletionSource();
        var pipe = new Pipe();
        var session = new LogSession(LogPath, All with { Follow = true }, raw: true, _watcher, c => end.Task.WaitAsync(c));
        Task run = Task.Run(async () =>
        {
            await session.RunAsync(null, pipe.Writer, CancellationToken.None);
            await pipe.Writer.CompleteAsync();
        });
        Task write = Task.Run(() =>
        {
            for (int i = 0; i < Lines; i += 10)
            {
                if (i % 500 == 490)
                {
                    Rotate();
                }

                File.AppendAllText(LogPath, string.Concat(Enumerable.Range(i, 10).Select(n => Line($"{n}", false))));
            }

            end.SetResult();
        });
        string text = await ReadAllAsync(pipe.Reader);
        await Task.WhenAll(run, write);
        Assert.Equal(Enumerable.Range(0, Lines).Select(i => $"{i}"), text.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task AFollowerWhoLeavesIsLetGo()
    {
        using var cancel = new CancellationTokenSource();
        var session = new LogSession(LogPath, All with { Follow = true }, raw: true, _watcher, c => Task.Delay(-1, c));
        Task run = session.RunAsync(null, new Pipe().Writer, cancel.Token);
        await cancel.CancelAsync();
        await run.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private void Write((string Text, bool Stderr)[] lines, int rotations)
    {
        foreach (string old in Directory.GetFiles(_folder))
        {
            File.Delete(old);
        }

        int piece = Math.Max(1, lines.Length / (rotations + 1));
        foreach ((string Text, bool Stderr)[] part in lines.Chunk(piece))
        {
            if (File.Exists(LogPath))
            {
                Rotate();
            }

            File.WriteAllText(LogPath, string.Concat(part.Select(l => Line(l.Text, l.Stderr))));
        }
    }

    private void Rotate()
    {
        for (int i = Directory.GetFiles(_folder).Length; i > 0; i--)
        {
            File.Move(i == 1 ? LogPath : $"{LogPath}.{i - 1}", $"{LogPath}.{i}");
        }
    }

    private static string Line(string text, bool stderr, string time = "2030-01-02T12:00:00.000000001Z") =>
        $"{{\"log\":{JsonSerializer.Serialize(text + "\n")},\"stream\":\"{(stderr ? "stderr" : "stdout")}\",\"time\":\"{time}\"}}\n";

    private async Task<(string Text, bool Stderr)[]> ReadAsync(LogOptions options)
    {
        byte[] bytes = await BytesAsync(options, raw: false);
        var lines = new List<(string, bool)>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 4));
            lines.Add((Encoding.UTF8.GetString(bytes, at + 8, length)[..^1], bytes[at] == 2));
            at += 8 + length;
        }

        return [.. lines];
    }

    private async Task<string> TextAsync(LogOptions options) => Encoding.UTF8.GetString(await BytesAsync(options, raw: true));

    private async Task<byte[]> BytesAsync(LogOptions options, bool raw)
    {
        using var stream = new MemoryStream();
        var writer = PipeWriter.Create(stream);
        await new LogSession(LogPath, options, raw, _watcher, null).RunAsync(null, writer, CancellationToken.None);
        await writer.CompleteAsync();
        return stream.ToArray();
    }

    private static async Task<string> ReadAllAsync(PipeReader reader)
    {
        var text = new StringBuilder();
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            text.Append(Encoding.UTF8.GetString(result.Buffer.ToArray()));
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return text.ToString();
            }
        }
    }
}
