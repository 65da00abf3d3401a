using System.Buffers.Binary;
using System.Text.Json;

using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Memory;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;
using Berth.Oci.Monitor;
using Berth.Runtime.Monitor.Loop;
using Berth.Runtime.Monitor.Streams;

namespace Berth.Runtime.Monitor.Control;

/// <summary>One connection to monitor.sock until its call is made: read the frame (and not a byte more, stdin may follow it), do it, reply.</summary>
internal sealed class ControlConnection(FileDescriptor connection, PageBuffer scratch, IMonitorCalls calls) : LoopSource
{
    private readonly byte[] _header = new byte[MonitorFrame.HeaderLength];
    private readonly Outbound _outbound = new(connection);
    private readonly List<FileDescriptor> _descriptors = [];
    private PageBuffer? _body;
    private int _length = -1;
    private int _read;
    private bool _replied;
    private bool _handedOver;

    public override int Descriptor => connection.Number;

    public override PollEvents Wanted => _replied ? PollEvents.Writable : PollEvents.Readable;

    /// <summary>Ends it, unless its reply is on the way.</summary>
    public void Drop() => Ended |= !_replied;

    public override void Ready(PollEvents events)
    {
        if (_replied)
        {
            _outbound.Flush();
            Ended |= !_outbound.IsBlocked;
            return;
        }

        while (!_replied && !Ended)
        {
            Span<byte> into = _length < 0 ? _header.AsSpan(_read) : _body!.Bytes[_read.._length];
            int n = DescriptorPassing.Receive(connection, into, _descriptors, out bool lost);
            if (n == -Errno.EAGAIN)
            {
                return;
            }

            if (n <= 0)
            {
                Ended = true;
                return;
            }

            _read += n;
            if (lost || _descriptors.Count > MonitorPorts.MostDescriptors)
            {
                Refuse(lost ? "descriptors that it may not have: its limit of open files (RLIMIT_NOFILE) is reached" : $"more than {MonitorPorts.MostDescriptors} descriptors");
                return;
            }

            Advance();
        }
    }

    public override void Close()
    {
        _body?.Dispose();
        CloseDescriptors();
        if (!_handedOver)
        {
            _outbound.Dispose();
            ConnectionEnd.Close(connection, scratch);
        }
    }

    private void Advance()
    {
        if (_length >= 0)
        {
            if (_read == _length)
            {
                Dispatch();
            }
        }
        else if (_read == MonitorFrame.HeaderLength)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(_header);
            if (length is 0 or > MonitorFrame.MaxLength)
            {
                Refuse($"a call of {length} bytes; it may have 1 to {MonitorFrame.MaxLength}");
                return;
            }

            _length = (int)length;
            _read = 0;
            _body = new PageBuffer(_length);
        }
    }

    private void Dispatch()
    {
        MonitorCall call;
        try
        {
            call = MonitorReader.Call(_body!.Bytes[.._length]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a string that is no UTF-8
        {
            Refuse($"what is not the JSON of a call: {e.Message}");
            return;
        }

        _body.Dispose();
        int members = (call.Watch is null ? 0 : 1) + (call.Attach is null ? 0 : 1) + (call.Exec is null ? 0 : 1)
            + (call.Resize is null ? 0 : 1) + (call.Signal is null ? 0 : 1) + (call.Ports is null ? 0 : 1);
        if (members != 1)
        {
            Refuse("a call that has not exactly one of watch, attach, exec, resize, signal and ports");
            return;
        }

        if (call.Ports is null && _descriptors.Count > 0)
        {
            Refuse("descriptors with a call that takes none");
            return;
        }

        Make(call);
    }

    private void Make(MonitorCall call)
    {
        if (call.Watch is not null)
        {
            Send(new MonitorReply());
            _handedOver = Ended = true;
            calls.Watch(connection, _outbound);
        }
        else if (call.Attach is not null)
        {
            Attach(calls.Streams, call.Attach, new MonitorReply());
        }
        else if (call.Exec is not null)
        {
            MonitorReply reply = calls.Exec(call.Exec, out ProcessStreams? streams);
            if (streams is not null && call.Exec.Attach is not null)
            {
                Attach(streams, call.Exec.Attach, reply);
            }
            else
            {
                Reply(reply);
            }
        }
        else
        {
            Reply(new MonitorReply
            {
                Failed = call.Resize is not null ? calls.Resize(call.Resize)
                    : call.Signal is not null ? calls.Signal(call.Signal)
                    : calls.Change(call.Ports!, _descriptors),
            });
        }
    }

    private void Attach(ProcessStreams? streams, MonitorAttachment wants, MonitorReply reply)
    {
        if (streams is null)
        {
            Reply(new MonitorReply { Failed = new MonitorFailure { ExitCode = 128, Step = "attach", Message = "the container has ended" } });
            return;
        }

        Send(reply);
        _handedOver = Ended = true;
        streams.Attach(new AttachStream(connection, _outbound, wants, streams, scratch));
    }

    private void Refuse(string what) =>
        Reply(new MonitorReply { Failed = new MonitorFailure { ExitCode = 128, Step = "call", Message = $"the monitor refuses {what}" } });

    private void Reply(MonitorReply reply)
    {
        CloseDescriptors(); // before the answer: whoever has it may open the same port again
        Send(reply);
        _replied = true;
        Ended |= !_outbound.IsBlocked;
    }

    private void CloseDescriptors()
    {
        foreach (FileDescriptor descriptor in _descriptors)
        {
            descriptor.Dispose();
        }

        _descriptors.Clear();
    }

    private void Send(MonitorReply reply) => _outbound.Write(MonitorFrame.Of(MonitorWriter.Bytes(reply)));
}
