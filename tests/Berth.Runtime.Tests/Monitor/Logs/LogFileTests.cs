using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Runtime.Monitor.Logs;

namespace Berth.Runtime.Tests.Monitor.Logs;

public sealed class LogFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string LogPath => _folder["log"];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void RotationKeepsTheNewestFilesWithinTheirSize(int files)
    {
        const int size = 2000;
        using (var log = new ContainerLog(new LogFile(LogPath, size, files)))
        {
            for (int i = 0; i < 500; i++)
            {
                log.Write(log.Output, Encoding.ASCII.GetBytes($"line {i}\nsecond of {i}\n"));
            }
        }

        string[] all = [.. Enumerable.Range(0, files).Select(i => i == 0 ? LogPath : $"{LogPath}.{i}").Reverse()];
        Assert.Equal(all.Order(), Directory.GetFiles(_folder.Path).Order());
        Assert.All(all, f => Assert.InRange(new FileInfo(f).Length, 1, size));
        List<string> lines = [.. all.SelectMany(f => LogReader.Read(f)).Select(e => e.Log)];
        Assert.Equal("second of 499\n", lines[^1]);
        int first = int.Parse(lines[0].Split(' ')[^1]);
        IEnumerable<string> expected = Enumerable.Range(first, 500 - first).SelectMany(i => new[] { $"line {i}\n", $"second of {i}\n" });
        Assert.Equal(expected.Skip(lines[0].StartsWith('s') ? 1 : 0), lines);
    }

    /// <summary>One read brings more than a file may hold: the batch is cut between lines, nothing is lost.</summary>
    [Fact]
    public void ABatchIsCutAtTheSizeToo()
    {
        using (var log = new ContainerLog(new LogFile(LogPath, 1000, 100)))
        {
            log.Write(log.Output, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"{i}\n"))));
        }

        IEnumerable<string> files = Directory.GetFiles(_folder.Path).OrderByDescending(f => f.Length).ThenByDescending(f => f);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}\n"), files.SelectMany(f => LogReader.Read(f)).Select(e => e.Log));
        Assert.All(Directory.GetFiles(_folder.Path), f => Assert.InRange(new FileInfo(f).Length, 1, 1000));
    }

    [Fact]
    public void ALineLongerThanTheSizeHasAFileToItself()
    {
        using (var log = new ContainerLog(new LogFile(LogPath, 100, 5)))
        {
            log.Write(log.Output, Encoding.ASCII.GetBytes("a\n" + new string('b', 500) + "\nc\n"));
        }

        Assert.Equal([500 + 1, 2, 2], Directory.GetFiles(_folder.Path).Select(f => Assert.Single(LogReader.Read(f)).Log.Length).OrderDescending());
    }

    [Theory]
    [InlineData("{\"log\":\"whole\\n\"}\n{\"log\":\"to", "{\"log\":\"whole\\n\"}\n")]
    [InlineData("{\"log\":\"whole\\n\"}\n", "{\"log\":\"whole\\n\"}\n")]
    [InlineData("{\"lo", "")]
    [InlineData("", "")]
    public void ATornEndOfAnEarlierMonitorIsTakenBack(string before, string after)
    {
        File.WriteAllText(LogPath, before);
        using (var file = new LogFile(LogPath, 0, 1))
        {
            Assert.Equal(after.Length, file.Length);
            Assert.True(file.TryAppend("next\n"u8));
        }

        Assert.Equal(after + "next\n", File.ReadAllText(LogPath));
    }

    [Fact]
    public void AFullDiskLosesLinesWithANoteAndNothingElse()
    {
        // A file system of eight pages that nobody else sees; five are taken until there is room again.
        using FileDescriptor disk = DetachedMount.Create(new FileSystemMount("tmpfs", "none", [new MountParameter("size", "32768")]));
        string folder = $"/proc/self/fd/{disk.Number}";
        File.WriteAllBytes($"{folder}/filler", new byte[20480]);
        using (var log = new ContainerLog(new LogFile($"{folder}/log", 0, 1)))
        {
            byte[] line = Encoding.ASCII.GetBytes(new string('x', 1500) + "\n");
            for (int i = 0; i < 10; i++)
            {
                log.Write(log.Output, line);
            }

            int kept = LogReader.Read($"{folder}/log").Count;
            Assert.InRange(kept, 5, 9);
            File.Delete($"{folder}/filler");
            log.Write(log.Output, "later\n"u8);
            IReadOnlyList<LogEntry> entries = LogReader.Read($"{folder}/log");
            Assert.StartsWith($"berth: {10 - kept} log lines are missing", entries[kept].Log, StringComparison.Ordinal);
            Assert.Equal(("later\n", "stderr"), (entries[kept + 1].Log, entries[kept].Stream));
            Assert.Equal(kept + 2, entries.Count);
        }
    }

    public void Dispose() => _folder.Dispose();
}
