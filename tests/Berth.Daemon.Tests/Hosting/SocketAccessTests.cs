using System.Net.Sockets;
using Berth.Daemon.Hosting;
using Berth.Storage;

namespace Berth.Daemon.Tests.Hosting;

public sealed class SocketAccessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-socket-").FullName;

    private string Socket => Path.Join(_folder, "deep", "s");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheFolderIsMade()
    {
        SocketAccess.Prepare(Socket);
        Assert.True(Directory.Exists(Path.GetDirectoryName(Socket)));
    }

    [Fact]
    public void WhatADeadDaemonLeftIsRemoved()
    {
        SocketAccess.Prepare(Socket);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Socket));
            dead.Listen();

            // .NET unlinks what it bound: keep the file as a killed process would.
            File.CreateSymbolicLink(Socket + ".keep", Socket);
            File.Move(Socket, Socket + ".real");
        }

        File.Move(Socket + ".real", Socket);
        SocketAccess.Prepare(Socket);
        Assert.False(File.Exists(Socket));
    }

    [Fact]
    public void ALivingOneIsRefusedByName()
    {
        SocketAccess.Prepare(Socket);
        using var living = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        living.Bind(new UnixDomainSocketEndPoint(Socket));
        living.Listen();
        EngineException refused = Assert.Throws<EngineException>(() => SocketAccess.Prepare(Socket));
        Assert.Equal(EngineErrorKind.Conflict, refused.Kind);
        Assert.Contains(Socket, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheGroupGetsIn()
    {
        SocketAccess.Prepare(Socket);
        File.WriteAllText(Socket, "");
        string groups = Path.Join(_folder, "group");
        File.WriteAllText(groups, "root:x:0:\nberth:x:54321:\n");
        Assert.Equal("berth", SocketAccess.Grant(Socket, groups));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(Socket));
    }

    [Fact]
    public void WithoutAGroupOnlyRootGetsIn()
    {
        SocketAccess.Prepare(Socket);
        File.WriteAllText(Socket, "");
        Assert.Null(SocketAccess.Grant(Socket, "/nonexistent"));
        Assert.False(File.GetUnixFileMode(Socket).HasFlag(UnixFileMode.OtherWrite));
    }
}
