using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Commands.Containers.Usage;

/// <summary>An answer of JSON documents, one a line, that is read beside others: the caller polls and takes what is there.</summary>
internal sealed class LineFeed : IDisposable
{
    private readonly HttpConnection connection;
    private readonly PendingCall pending;
    private readonly List<byte> rest = [];
    private readonly byte[] buffer = new byte[16 * 1024];
    private ApiResponse? answer;

    public LineFeed(ApiClient api, string target)
    {
        connection = api.Connect();
        pending = api.BeginAside("GET", target, connection);
        Number = connection.Socket.Number;
    }

    /// <summary>For poll(2); -1: it has ended.</summary>
    public int Number { get; private set; }

    public bool HasEnded => Number < 0;

    /// <summary>Waits for the head of the answer.</summary>
    /// <exception cref="ApiException">The daemon refused.</exception>
    public void Open() => answer ??= pending.Finish();

    /// <summary>What has come. Called when poll found something; it waits only for the rest of what has begun to come.</summary>
    /// <exception cref="ApiException">The daemon refused.</exception>
    /// <exception cref="ConnectionException">The connection broke, or this is no JSON.</exception>
    public IReadOnlyList<JsonObject> Receive()
    {
        var found = new List<JsonObject>();
        bool isNew = answer is null;
        Open();
        if (isNew && connection.Buffered.Length == 0)
        {
            return found;
        }

        do
        {
            int got = answer!.Read(buffer);
            rest.AddRange(buffer.AsSpan(0, got));
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0;)
            {
                Take(rest.GetRange(0, end).ToArray(), found);
                rest.RemoveRange(0, end + 1);
            }

            if (got == 0)
            {
                Take([.. rest], found);
                Dispose();
                return found;
            }
        }
        while (connection.Buffered.Length > 0);

        return found;
    }

    public void Dispose()
    {
        Number = -1;
        connection.Dispose();
    }

    private static void Take(byte[] line, List<JsonObject> into)
    {
        if (line.AsSpan().IndexOfAnyExcept(" \t\r"u8) < 0)
        {
            return;
        }

        try
        {
            into.Add(JsonParser.ParseObject(line));
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new ConnectionException($"the daemon's answer is no JSON object: {e.Message}");
        }
    }
}
