using System.Diagnostics;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;

namespace Berth.Linux.Tests.Trees;

public sealed class TreeCopyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-copy-").FullName;

    public void Dispose() => TreeRemoval.Remove(_folder);

    [Fact]
    public void ACopyIsTheSameInAllThatTarSees()
    {
        const string Make =
            "mkdir -p s/d/e && cd s && printf content > f && chmod 4751 f && chown 12:34 f && ln f d/hard && ln -s /etc/passwd link && mkfifo d/fifo && mknod d/null c 1 3 "
            + "&& touch -d '2001-02-03 04:05:06.789' f d/e && chmod 1777 d && setfattr -n user.key -v value f && setfattr -n trusted.t -v x d; touch \"$(printf 'bad\\377name')\"";
        Sh(Make);
        Directory.CreateDirectory(Path.Join(_folder, "t"));
        using (FileDescriptor source = FileDescriptor.Open(Path.Join(_folder, "s"), Libc.O_RDONLY | Libc.O_DIRECTORY))
        using (FileDescriptor target = FileDescriptor.Open(Path.Join(_folder, "t"), Libc.O_RDONLY | Libc.O_DIRECTORY))
        {
            TreeCopy.Copy(source, target);
        }

        Assert.Equal(Listing("s"), Listing("t"));
    }

    [Fact]
    public void ALinkOutOfTheTreeIsCopiedAsALink()
    {
        Sh("mkdir s t && ln -s / s/root && ln -s ../../../etc s/up");
        using (FileDescriptor source = FileDescriptor.Open(Path.Join(_folder, "s"), Libc.O_RDONLY | Libc.O_DIRECTORY))
        using (FileDescriptor target = FileDescriptor.Open(Path.Join(_folder, "t"), Libc.O_RDONLY | Libc.O_DIRECTORY))
        {
            TreeCopy.Copy(source, target);
        }

        Assert.Equal("/", new FileInfo(Path.Join(_folder, "t", "root")).LinkTarget);
        Assert.Equal(2, Directory.GetFileSystemEntries(Path.Join(_folder, "t")).Length);
    }

    // find prints what matters of each entry; getfattr the attributes where it is there.
    private string Listing(string folder) => Sh(
        $"cd {folder} && find . -printf '%p %y %m %U %G %n %l %T@\\n' | sort && find . -type f -exec md5sum {{}} + | sort && (command -v getfattr >/dev/null && getfattr -h -d -m - -R . || true)");

    private string Sh(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = shell.StandardError.ReadToEndAsync();
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return output;
    }
}
