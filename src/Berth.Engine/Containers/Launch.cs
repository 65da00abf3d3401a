using Berth.Engine.Monitors;
using Berth.Engine.Streams;
using Berth.Linux.Files;
using Berth.Network;
using Berth.Oci.Monitor;

namespace Berth.Engine.Containers;

/// <summary>What one start holds open until the monitor has it: given back whole, also by a start that fails half-way.</summary>
internal sealed class Launch : IDisposable
{
    /// <summary>Null: the container shares a network namespace.</summary>
    public Sandbox? Sandbox { get; set; }

    /// <summary>A shared network namespace: the host's is none, another container's is this.</summary>
    public FileDescriptor? SharedNetwork { get; set; }

    /// <summary>The detached root.</summary>
    public FileDescriptor? Root { get; set; }

    public IReadOnlyList<PendingAttachment> Attachments { get; set; } = [];

    /// <summary>Published ports, each with its socket.</summary>
    public IReadOnlyList<ReservedPort> Ports => [.. (Sandbox?.Ports ?? []).Where(p => p.Socket is not null)];

    /// <summary>The far end of the report socket.</summary>
    public FileDescriptor? Report { get; set; }

    public MonitorLink? Link { get; set; }

    /// <summary>Variables that tell of linked containers.</summary>
    public IReadOnlyList<string> LinkEnvironment { get; set; } = [];

    public MonitorState? Started { get; set; }

    public FileDescriptor? Network => Sandbox?.Namespace ?? SharedNetwork;

    /// <summary>Closes what the monitor has copies of by now. The link stays.</summary>
    public void Dispose()
    {
        Sandbox?.Dispose();
        SharedNetwork?.Dispose();
        Root?.Dispose();
        Report?.Dispose();
        foreach (PendingAttachment attachment in Attachments)
        {
            attachment.Theirs.Dispose();
        }

        Attachments = [];
    }
}
