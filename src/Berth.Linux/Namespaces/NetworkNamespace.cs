using System.Runtime.ExceptionServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Namespaces;

/// <summary>Network namespaces (network_namespaces(7)). A namespace lives while a descriptor, a socket or a process refers to it; none is ever mounted.</summary>
public static class NetworkNamespace
{
    /// <summary>The calling thread's. "thread-self": /proc/self would be the main thread's, which may be another.</summary>
    public static FileDescriptor OpenCurrent() => FileDescriptor.Open("/proc/thread-self/ns/net", Libc.O_RDONLY);

    /// <summary>A process's.</summary>
    public static FileDescriptor OpenOf(int pid) => FileDescriptor.Open($"/proc/{pid}/ns/net", Libc.O_RDONLY);

    /// <summary>Puts the calling thread into a new one. Only for a dedicated thread that ends afterwards: a pool's thread would carry the namespace into foreign work.</summary>
    public static void UnshareThread()
    {
        if (Libc.unshare(Libc.CLONE_NEWNET) < 0)
        {
            throw LinuxException.Last("unshare", "CLONE_NEWNET");
        }
    }

    /// <summary>Moves the calling thread. The same warning holds.</summary>
    public static void EnterThread(FileDescriptor target)
    {
        if (Libc.setns(target.Number, Libc.CLONE_NEWNET) < 0)
        {
            throw LinuxException.Last("setns", "network namespace");
        }
    }

    /// <summary>Makes a new namespace: everything in it is down.</summary>
    public static FileDescriptor Create() => OnThread(() =>
    {
        UnshareThread();
        return OpenCurrent();
    });

    /// <summary>Runs something inside a namespace, on a thread of its own, and waits for it.</summary>
    public static T Run<T>(FileDescriptor inside, Func<T> work) => OnThread(() =>
    {
        EnterThread(inside);
        return work();
    });

    private static T OnThread<T>(Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        { IsBackground = true, Name = "network namespace" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }
}
