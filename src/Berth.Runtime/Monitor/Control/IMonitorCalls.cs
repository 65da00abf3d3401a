using Berth.Linux.Files;
using Berth.Oci.Monitor;
using Berth.Runtime.Monitor.Streams;

namespace Berth.Runtime.Monitor.Control;

/// <summary>What can be asked of a monitor. Who asks it sends the answer as the reply; null means that it was done.</summary>
internal interface IMonitorCalls
{
    /// <summary>The container's streams; null when it has ended.</summary>
    ProcessStreams? Streams { get; }

    MonitorFailure? Resize(MonitorResize call);

    MonitorFailure? Signal(MonitorSignal call);

    /// <summary>Changes the published ports.</summary>
    /// <param name="call">What to change.</param>
    /// <param name="sockets">What came with it; emptied when it was done.</param>
    MonitorFailure? Change(MonitorPorts call, List<FileDescriptor> sockets);

    /// <summary>Runs a program; its pid, or why it did not start.</summary>
    /// <param name="call">What to run.</param>
    /// <param name="streams">The program's, to attach to; null when it did not start.</param>
    MonitorReply Exec(MonitorExec call, out ProcessStreams? streams);

    /// <summary>Takes the connection over.</summary>
    void Watch(FileDescriptor connection, Outbound outbound);
}
