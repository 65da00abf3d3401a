namespace Berth.Cli.Http;

/// <summary>A connection that stopped being HTTP and carries a container's streams. Bytes that came with the head are read first.</summary>
internal sealed class Hijacked(HttpConnection connection, bool multiplexed) : IDisposable
{
    public int Number => connection.Socket.Number;

    /// <summary>The daemon said that frames of stdout and stderr follow; otherwise whoever asked must know it from the container.</summary>
    public bool Multiplexed => multiplexed;

    /// <summary>Something can be read without waiting on the socket.</summary>
    public bool HasBuffered => connection.Buffered.Length > 0;

    public int Read(Span<byte> into) => connection.Read(into);

    public int TryWrite(ReadOnlySpan<byte> bytes) => connection.Socket.TrySend(bytes);

    /// <summary>Our side has no more input; output goes on.</summary>
    public void EndInput() => connection.Socket.ShutdownSend();

    public void Dispose() => connection.Dispose();
}
