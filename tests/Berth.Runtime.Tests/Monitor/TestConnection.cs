using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;

namespace Berth.Runtime.Tests.Monitor;

/// <summary>The tests' end of a socket to a monitor. Every wait has a deadline that only a hang reaches.</summary>
internal sealed class TestConnection(FileDescriptor socket) : IDisposable
{
    private const int DeadlineMilliseconds = 60_000;

    public FileDescriptor Socket => socket;

    public static TestConnection To(string path) => new(UnixSocket.Connect(path));

    /// <summary>0 is the end of file.</summary>
    public int Read(Span<byte> into)
    {
        Assert.True(Poll.Wait([new PollItem { Number = socket.Number, Wanted = PollEvents.Readable }], DeadlineMilliseconds) > 0, "the monitor sends nothing");
        int n = NonBlocking.Read(socket, into);
        Assert.True(n >= 0, $"read failed with errno {-n}");
        return n;
    }

    public byte[] ReadExactly(int length)
    {
        byte[] bytes = new byte[length];
        for (int done = 0; done < length;)
        {
            int n = Read(bytes.AsSpan(done));
            Assert.True(n > 0, "the stream ended too early");
            done += n;
        }

        return bytes;
    }

    public byte[] ReadToEnd()
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[65536];
        for (int n = Read(buffer); n > 0; n = Read(buffer))
        {
            all.Write(buffer, 0, n);
        }

        return all.ToArray();
    }

    /// <summary>Reads raw output until it holds a text.</summary>
    public string ReadUntil(string text)
    {
        var seen = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            int n = Read(buffer);
            Assert.True(n > 0, $"the output ended before \"{text}\": {seen}");
            seen.Append(Encoding.UTF8.GetString(buffer, 0, n));
        }

        return seen.ToString();
    }

    /// <summary>Reads Docker's frames to the end and takes them apart.</summary>
    public (string Output, string Error) ReadFramesToEnd()
    {
        byte[] all = ReadToEnd();
        StringBuilder[] streams = [new(), new(), new()];
        for (int i = 0; i < all.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(all.AsSpan(i + 4));
            streams[all[i]].Append(Encoding.UTF8.GetString(all, i + 8, length));
            i += 8 + length;
        }

        return (streams[1].ToString(), streams[2].ToString());
    }

    public void Send(ReadOnlySpan<byte> bytes) => FileWrite.All(socket, bytes, "the monitor's socket");

    public void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    public void EndInput() => Assert.True(UnixSocket.ShutdownWrite(socket));

    public void SendFrame<T>(T value, JsonTypeInfo<T> type) => Send(Runtime.Monitor.Control.MonitorFrame.Of(JsonSerializer.SerializeToUtf8Bytes(value, type)));

    /// <summary>With descriptors, as the first frame.</summary>
    public void SendFrame<T>(T value, JsonTypeInfo<T> type, IReadOnlyList<FileDescriptor> descriptors)
    {
        byte[] frame = Runtime.Monitor.Control.MonitorFrame.Of(JsonSerializer.SerializeToUtf8Bytes(value, type));
        Send(frame.AsSpan(DescriptorPassing.SendAll(socket.Number, frame, descriptors)));
    }

    /// <summary>Null at the end of file.</summary>
    public T? ReadFrame<T>(JsonTypeInfo<T> type)
        where T : class
    {
        byte[] header = new byte[4];
        int n = Read(header);
        if (n == 0)
        {
            return null;
        }

        Assert.Equal(4, n);
        return JsonSerializer.Deserialize(ReadExactly(BinaryPrimitives.ReadInt32LittleEndian(header)), type);
    }

    public void Dispose() => socket.Dispose();
}
