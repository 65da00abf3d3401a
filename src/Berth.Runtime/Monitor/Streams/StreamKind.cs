namespace Berth.Runtime.Monitor.Streams;

/// <summary>The first byte of Docker's frames.</summary>
internal enum StreamKind : byte
{
    Input = 0,
    Output = 1,
    Error = 2,
}
