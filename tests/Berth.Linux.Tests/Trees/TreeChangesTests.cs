using System.Diagnostics;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;

namespace Berth.Linux.Tests.Trees;

/// <summary>Changes made through a real overlay mount, read from its folders.</summary>
public sealed class TreeChangesTests : IDisposable
{
    private const string Lower = "mkdir -p low/etc low/opt/d low/usr/lib low/same && echo a > low/etc/a && echo b > low/etc/b && echo 1 > low/opt/d/1 && echo l > low/usr/lib/l && ln -s a low/etc/link";

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-changes-").FullName;

    public void Dispose() => TreeRemoval.Remove(_folder);

    [Theory]
    [InlineData("true", "")]
    [InlineData("echo xx > m/etc/a", "C /etc,C /etc/a")]
    [InlineData("echo x >> m/opt/d/1", "C /opt,C /opt/d,C /opt/d/1")]
    [InlineData("echo x > m/new", "A /new")]
    [InlineData("mkdir -p m/n/e/w && echo x > m/n/e/w/f", "A /n,A /n/e,A /n/e/w,A /n/e/w/f")]
    [InlineData("rm m/etc/b", "C /etc,D /etc/b")]
    [InlineData("rm -r m/opt", "D /opt")]
    [InlineData("rm -r m/opt && echo f > m/opt", "C /opt")]
    [InlineData("rm m/etc/b && mkdir m/etc/b && echo x > m/etc/b/in", "C /etc,C /etc/b,A /etc/b/in")]
    [InlineData("rm -r m/opt && mkdir -p m/opt/d && echo x > m/opt/d/2", "C /opt,C /opt/d,D /opt/d/1,A /opt/d/2")]
    [InlineData("rm -r m/opt/d && mkdir m/opt/d", "C /opt,C /opt/d,D /opt/d/1")]
    [InlineData("chmod 700 m/usr/lib", "C /usr,C /usr/lib")]
    [InlineData("touch m/usr/lib", "")]
    [InlineData("rm m/etc/link && ln -s b m/etc/link", "C /etc,C /etc/link")]
    [InlineData("mv m/etc/a m/etc/c", "C /etc,D /etc/a,A /etc/c")]
    [InlineData("echo x > m/new && rm m/new && rm -r m/opt && mkdir m/opt && rmdir m/opt", "D /opt")]
    public void AChangeIsTold(string change, string expected)
    {
        Sh($"{Lower} && mkdir up work m && mount -t overlay overlay -o lowerdir=low,upperdir=up,workdir=work,redirect_dir=off,metacopy=off,index=off m && ({change}); r=$?; umount m; exit $r");
        Assert.Equal(expected, string.Join(',', Read("up", "low")));
    }

    [Fact]
    public void LayersBelowAreSeenAsOverlayfsSeesThem()
    {
        Sh("mkdir -p one/d one/gone two/d three up/d && echo 1 > one/d/hidden && echo 2 > two/d/f && python3 -c \"import os; os.setxattr('two/d', 'trusted.overlay.opaque', b'y')\" && mknod three/gone c 0 0");
        Sh("mkdir up/gone && echo x > up/d/hidden && echo x > up/d/f && echo x > up/gone/f");
        Assert.Equal("C /d,C /d/f,A /d/hidden,A /gone,A /gone/f", string.Join(',', Read("up", "three", "two", "one")));
    }

    private List<string> Read(string upper, params string[] lower)
    {
        List<FileDescriptor> folders = [.. lower.Prepend(upper).Select(f => FileDescriptor.Open(Path.Join(_folder, f), Libc.O_RDONLY | Libc.O_DIRECTORY))];
        var changes = new List<string>();
        try
        {
            TreeChanges.Read(folders[0], folders[1..], (path, kind) => changes.Add($"{"CAD"[(int)kind]} /{Encoding.UTF8.GetString(path)}"), CancellationToken.None);
            return changes;
        }
        finally
        {
            folders.ForEach(static f => f.Dispose());
        }
    }

    private void Sh(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { WorkingDirectory = _folder, RedirectStandardError = true })!;
        string complaint = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, complaint);
    }
}
