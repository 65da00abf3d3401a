using Berth.Linux.Files;

namespace Berth.Runtime.Init;

/// <summary>What becomes a process's descriptors 0, 1 and 2. Borrowed: the caller closes its copies.</summary>
internal sealed record Stdio(FileDescriptor Input, FileDescriptor Output, FileDescriptor Error);
