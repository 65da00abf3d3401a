using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Berth.Bench.Network;

/// <summary>The program that asks for names, in a container's network namespace.</summary>
internal sealed class Querier(long begin, int names)
{
    /// <summary>How long answers are counted.</summary>
    public const double CountedSeconds = 2;

    private const int Timeout = 1000;
    private readonly long end = begin + (long)(CountedSeconds * Stopwatch.Frequency);
    private readonly List<long> times = [];
    private long lost;

    /// <param name="arguments">File, begin (CLOCK_MONOTONIC), "closed" or "open", how many (queriers, or queries a second), how many names.</param>
    public static int Run(string[] arguments)
    {
        int[] numbers = [.. arguments[3..].Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        var querier = new Querier(long.Parse(arguments[1], CultureInfo.InvariantCulture), numbers[1]);
        if (arguments[2] == "closed")
        {
            querier.Closed(numbers[0]);
        }
        else
        {
            querier.Open(numbers[0]);
        }

        File.WriteAllBytes(arguments[0], MemoryMarshal.AsBytes<long>([querier.lost, .. querier.times]));
        return 0;
    }

    private void Closed(int queriers)
    {
        Thread[] threads = [.. Enumerable.Range(0, queriers).Select(i => new Thread(() => AskOn(i)))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
    }

    private void AskOn(int seed)
    {
        using Socket socket = Connected();
        var own = new List<long>();
        long missed = 0;
        byte[] answer = new byte[512];
        byte[][] queries = [.. Enumerable.Range(0, names).Select(Query)];
        int next = seed * 97;
        while (true)
        {
            byte[] query = queries[next++ % names];
            long sent = Stopwatch.GetTimestamp();
            if (sent >= end)
            {
                break;
            }

            BinaryPrimitives.WriteUInt16BigEndian(query, (ushort)next);
            socket.Send(query);
            bool answered = TryReceive(socket, answer, (ushort)next);
            long now = Stopwatch.GetTimestamp();
            if (sent >= begin)
            {
                if (answered)
                {
                    own.Add(now - sent);
                }
                else
                {
                    missed++;
                }
            }
        }

        lock (times)
        {
            times.AddRange(own);
            lost += missed;
        }
    }

    private static bool TryReceive(Socket socket, byte[] answer, ushort id)
    {
        try
        {
            while (true)
            {
                int length = socket.Receive(answer);
                if (BinaryPrimitives.ReadUInt16BigEndian(answer) == id)
                {
                    return IsAddress(answer.AsSpan(0, length));
                }
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return false;
        }
    }

    // Each query is timed from its own sending; the sender never waits for an answer.
    private void Open(int perSecond)
    {
        using Socket socket = Connected();
        long[] sent = new long[ushort.MaxValue + 1];
        var receiver = new Thread(() => Receive(socket, sent));
        receiver.Start();
        byte[][] queries = [.. Enumerable.Range(0, names).Select(Query)];
        long first = begin - (Stopwatch.Frequency / 2), count = 0, counted = 0;
        for (long now = Stopwatch.GetTimestamp(); now < end; now = Stopwatch.GetTimestamp())
        {
            for (long due = Math.Max(0, now - first) * perSecond / Stopwatch.Frequency; count < due; count++)
            {
                byte[] query = queries[count % names];
                BinaryPrimitives.WriteUInt16BigEndian(query, (ushort)count);
                long at = Stopwatch.GetTimestamp();
                Volatile.Write(ref sent[(ushort)count], at);
                socket.Send(query);
                counted += at >= begin ? 1 : 0;
            }

            Thread.Sleep(1);
        }

        receiver.Join();
        lost = counted - times.Count;
    }

    private void Receive(Socket socket, long[] sent)
    {
        byte[] answer = new byte[512];
        while (Stopwatch.GetTimestamp() < end + Stopwatch.Frequency)
        {
            if (!socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead))
            {
                continue;
            }

            int length = socket.Receive(answer);
            long now = Stopwatch.GetTimestamp();
            long at = Volatile.Read(ref sent[BinaryPrimitives.ReadUInt16BigEndian(answer)]);
            if (at >= begin && IsAddress(answer.AsSpan(0, length)))
            {
                times.Add(now - at);
            }
        }
    }

    private static Socket Connected()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Timeout };
        socket.Connect(new IPEndPoint(IPAddress.Parse("127.0.0.11"), 53));
        return socket;
    }

    private static bool IsAddress(ReadOnlySpan<byte> answer) => answer.Length > 12 && (answer[3] & 15) == 0 && BinaryPrimitives.ReadUInt16BigEndian(answer[6..]) >= 1;

    // RFC 1035: id, recursion desired, one question of type A in class IN.
    private static byte[] Query(int number)
    {
        byte[] name = Encoding.ASCII.GetBytes($"n{number}");
        return [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte)name.Length, .. name, 0, 0, 1, 0, 1];
    }
}
