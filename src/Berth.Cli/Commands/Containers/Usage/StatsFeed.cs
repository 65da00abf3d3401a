using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Commands.Containers.Usage;

/// <summary>One container's samples as they come in on a connection of their own. Reads only when poll said that there is something.</summary>
internal sealed class StatsFeed
{
    /// <summary>Milliseconds without a sample after which what is shown is no longer true.</summary>
    public const int Patience = 2000;

    private readonly LineFeed lines;
    private readonly bool stream;
    private long heard;

    /// <param name="api">The daemon.</param>
    /// <param name="container">Name or id.</param>
    /// <param name="stream">Samples go on coming; otherwise there is one.</param>
    /// <param name="now">Milliseconds of the monotonic clock.</param>
    public StatsFeed(ApiClient api, string container, bool stream, long now)
    {
        (Entry, this.stream, heard) = (new StatsEntry(container), stream, now);
        lines = new LineFeed(api, new Query($"/containers/{Query.Segment(container)}/stats").Add("stream", stream ? "1" : "0").ToString());
    }

    /// <summary>For poll(2); -1: nothing comes any more.</summary>
    public int Number => lines.Number;

    /// <summary>The latest.</summary>
    public StatsEntry Entry { get; private set; }

    /// <summary>Something can be shown, or it is clear that nothing will come.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Why nothing comes: a refusal of the daemon, or its silence.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Its connection broke, and was not ended by the daemon.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Takes what came.</summary>
    public void Receive(long now)
    {
        try
        {
            foreach (JsonObject sample in lines.Receive())
            {
                (Entry, heard, Error, IsSettled) = (StatsEntry.Of(Entry.Container, sample), now, null, true);
            }

            if (lines.HasEnded && stream)
            {
                Entry = Entry with { IsInvalid = true };
            }
        }
        catch (Exception e) when (e is ApiException or ConnectionException)
        {
            (Error, IsBroken, Entry) = (e, e is ConnectionException, Entry with { IsInvalid = true });
            lines.Dispose();
        }

        IsSettled |= lines.HasEnded;
    }

    /// <summary>Notes the time: after long silence the figures are taken back.</summary>
    public void Tick(long now)
    {
        if (now - heard < Patience || (IsSettled && !stream) || lines.HasEnded)
        {
            return;
        }

        Entry = new StatsEntry(Entry.Container) { Name = Entry.Name, Id = Entry.Id, IsInvalid = true };
        Error ??= new CliException("timeout waiting for stats");
        IsSettled = true;
    }

    public void Close() => lines.Dispose();
}
