using Berth.Linux.Files;
using Berth.Oci.Monitor;

namespace Berth.Engine.Streams;

/// <summary>The far end of an attach stream that waits for its container's start.</summary>
internal sealed record PendingAttachment(FileDescriptor Theirs, MonitorAttachment Streams);
