using System.Diagnostics;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;

namespace Berth.Linux.Tests;

/// <summary>A network namespace of the test's own, with sockets in it and lo up.</summary>
internal sealed class TestSpace : IDisposable
{
    public TestSpace()
    {
        Namespace = NetworkNamespace.Create();
        Netfilter = Open(Libc.NETLINK_NETFILTER);
        Routes = Open(Libc.NETLINK_ROUTE);
        Routes.Execute(new NetlinkBatch().SetUp("lo").AcknowledgeLast());
    }

    public FileDescriptor Namespace { get; }

    public NetlinkSocket Netfilter { get; }

    public NetlinkSocket Routes { get; }

    public NetlinkSocket Open(int protocol) => NetworkNamespace.Run(Namespace, () => NetlinkSocket.Open(protocol));

    public T Run<T>(Func<T> work) => NetworkNamespace.Run(Namespace, work);

    /// <summary>Sends requests about links and routes, in order.</summary>
    public void Execute(NetlinkBatch batch) => Routes.Execute(batch.AcknowledgeLast());

    public int Index(string link) => Routes.FindLink(link)!.Index;

    /// <summary>Runs a program in the namespace and returns what it printed.</summary>
    public string Program(params string[] command)
    {
        string[] arguments = [$"--net=/proc/{Environment.ProcessId}/fd/{Namespace.Number}", .. command];
        using Process process = Process.Start(new ProcessStartInfo("nsenter", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {error}");
        return output;
    }

    public void Dispose()
    {
        Netfilter.Dispose();
        Routes.Dispose();
        Namespace.Dispose();
    }
}
