using System.Buffers;
using System.Buffers.Binary;

namespace Berth.Engine.Logs;

/// <summary>Turns lines of the log into what a client wants: chosen by stream and time, as frames or raw.</summary>
internal sealed class LogWriter(LogOptions options, bool raw)
{
    private readonly long? _since = Ticks(options.Since);
    private readonly long? _until = Ticks(options.Until);
    private byte[] _scratch = new byte[32 * 1024];

    /// <summary>Writes one line where it is wanted. False: it is later than all that is wanted.</summary>
    public bool Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        if (_scratch.Length < json.Length)
        {
            _scratch = new byte[json.Length * 2];
        }

        if (!LogLine.TryDecode(json, _scratch, out LogLine line) || !(line.IsStderr ? options.Stderr : options.Stdout))
        {
            return true;
        }

        if (_since is not null || _until is not null)
        {
            long? ticks = line.Nanoseconds() / 100;
            if (ticks > _until)
            {
                return false;
            }

            if (ticks < _since)
            {
                return true;
            }
        }

        WriteLine(line, output);
        return true;
    }

    private void WriteLine(LogLine line, IBufferWriter<byte> output)
    {
        const int Header = 8;
        int stamp = options.Timestamps ? LogLine.FixedTimeLength + 1 : 0;
        int details = options.Details ? 1 : 0; // no log option adds any yet, and Docker then writes the space alone
        int length = stamp + details + line.Text.Length;
        Span<byte> space = output.GetSpan(Header + length);
        int at = 0;
        if (!raw)
        {
            space[..Header].Clear();
            space[0] = (byte)(line.IsStderr ? 2 : 1);
            BinaryPrimitives.WriteUInt32BigEndian(space[4..], (uint)length);
            at = Header;
        }

        if (stamp > 0)
        {
            line.WriteFixedTime(space.Slice(at, LogLine.FixedTimeLength));
            space[at + LogLine.FixedTimeLength] = (byte)' ';
            at += stamp;
        }

        if (details > 0)
        {
            space[at++] = (byte)' ';
        }

        line.Text.CopyTo(space[at..]);
        output.Advance(at + line.Text.Length);
    }

    // The API's times arrive in 100 ns, so they are compared in that.
    private static long? Ticks(DateTimeOffset? time) => time is { } set ? set.UtcTicks - DateTimeOffset.UnixEpoch.Ticks : null;
}
