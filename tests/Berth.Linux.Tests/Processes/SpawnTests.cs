using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;

using Microsoft.Win32.SafeHandles;

namespace Berth.Linux.Tests.Processes;

public sealed class SpawnTests : IDisposable
{
    private readonly ChildReaper _reaper = new();
    private readonly FileDescriptor _null = FileDescriptor.Open("/dev/null", Libc.O_RDWR);

    public void Dispose()
    {
        _reaper.Dispose();
        _null.Dispose();
    }

    [Fact]
    public void AProgramGetsItsArgumentsEnvironmentAndDescriptorsAndNoOthers()
    {
        using FileDescriptor stray = FileDescriptor.Open("/etc/hostname", Libc.O_RDONLY);
        string output = Run(["sh", "-c", "echo \"$1 $A\"; ls /proc/self/fd", "sh", "one"], ["A=b"], o => [_null, o, _null, null, _null]);

        // ls itself opens one more, for the folder: the first number that is free.
        Assert.Equal("one b\n0\n1\n2\n3\n4\n", output);
    }

    [Fact]
    public void DescriptorsThatLieWhereOthersGoAreMovedFirst()
    {
        // Whatever the numbers are, each target gets its own source: a file of one byte each.
        FileDescriptor[] sources = [.. "abcdef".Select(Content)];
        try
        {
            string output = Run(
                ["sh", "-c", "for i in 3 4 5 6 7 8; do cat /proc/self/fd/$i; done"], ["PATH=/usr/bin:/bin"], o => [_null, o, _null, .. sources.Reverse()]);
            Assert.Equal("fedcba", output);
        }
        finally
        {
            Array.ForEach(sources, s => s.Dispose());
        }
    }

    /// <summary>In the order of their numbers they need no copies: as many as the limit allows can be passed, not half as many.</summary>
    [Fact]
    public void DescriptorsInOrderAreNotCopied()
    {
        FileDescriptor[] sources = [.. Enumerable.Repeat('x', 300).Select(Content)];
        try
        {
            FileDescriptor?[] passed = [_null, _null, _null, .. sources.OrderBy(s => s.Number)];
            Assert.DoesNotContain(passed.Index(), p => p.Index > 2 && Spawn.IsOverwritten(p.Item!.Number, p.Index));
            string output = Run(["sh", "-c", "for i in $(seq 3 302); do cat /proc/self/fd/$i; done"], ["PATH=/usr/bin:/bin"], o => [_null, o, .. passed[2..]]);
            Assert.Equal(new string('x', 300), output);
        }
        finally
        {
            Array.ForEach(sources, s => s.Dispose());
        }
    }

    [Theory]
    [InlineData(7, 3, false)]
    [InlineData(7, 7, false)]
    [InlineData(7, 8, true)]
    public void WhatLiesBelowItsPlaceIsMoved(int number, int place, bool moved) => Assert.Equal(moved, Spawn.IsOverwritten(number, place));

    [Fact]
    public void NothingIsIgnoredOrBlockedAndTheSessionIsNew()
    {
        // By the shell itself: it blocks signals while it starts another program.
        string status = Run(["sh", "-c", "while read -r line; do case $line in SigBlk*|SigIgn*) echo \"$line\";; esac; done </proc/self/status; cut -d' ' -f6 /proc/$$/stat; echo $$"], ["PATH=/usr/bin:/bin"], o => [_null, o, _null]);
        string[] lines = status.Split('\n');
        Assert.EndsWith("0000000000000000", lines[0], StringComparison.Ordinal);

        // glibc's posix_spawn keeps its own two, 32 and 33, from reaching the child before its exec.
        Assert.EndsWith("0000000180000000", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[3], lines[2]);
    }

    [Fact]
    public void AMissingProgramIsTheCallersError()
    {
        LinuxException e = Assert.Throws<LinuxException>(() => Spawn.Start(new SpawnRequest { Program = "/nope", Arguments = ["nope"], Descriptors = [] }));
        Assert.Equal(Errno.ENOENT, e.Errno);
    }

    [Fact]
    public async Task ChildrenAreReapedAlsoThoseThatEndedBefore()
    {
        int[] pids = [.. Enumerable.Range(0, 50).Select(_ => Spawn.Start(new SpawnRequest { Program = "/bin/true", Arguments = ["true"], Descriptors = [_null, _null, _null] }))];
        foreach (int pid in pids)
        {
            _reaper.Add(pid);
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (pids.Any(p => Directory.Exists($"/proc/{p}")))
        {
            await Task.Delay(10, deadline.Token);
        }

        Assert.Equal(0, _reaper.Count);
    }

    [Fact]
    public void TheReaperTakesNoOtherChildsStatus()
    {
        using var other = System.Diagnostics.Process.Start("/bin/sh", ["-c", "exit 7"]);
        other.WaitForExit();
        Assert.Equal(7, other.ExitCode);
    }

    private string Run(IReadOnlyList<string> arguments, IReadOnlyList<string> environment, Func<FileDescriptor, IReadOnlyList<FileDescriptor?>> descriptors)
    {
        (FileDescriptor ours, FileDescriptor theirs) = SocketPair.Create();
        using (ours)
        {
            using (theirs)
            {
                _reaper.Add(Spawn.Start(new SpawnRequest { Program = "/bin/sh", Arguments = arguments, Environment = environment, Descriptors = descriptors(theirs) }));
            }

            using var stream = new FileStream(new SafeFileHandle(ours.Release(), ownsHandle: true), FileAccess.Read, 0);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }

    private static FileDescriptor Content(char letter)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, letter.ToString());
        FileDescriptor file = FileDescriptor.Open(path, Libc.O_RDONLY);
        File.Delete(path);
        return file;
    }
}
