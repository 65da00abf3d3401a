using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Linux.Polling;
using Berth.Linux.Time;

namespace Berth.Cli.Commands.Containers.Usage;

/// <summary>The containers that are watched, with one thread and one poll for all of them.</summary>
/// <param name="api">The daemon.</param>
/// <param name="stream">Samples go on coming.</param>
internal sealed class StatsWatch(ApiClient api, bool stream)
{
    private readonly List<StatsFeed> feeds = [];
    private LineFeed? events;
    private bool all;

    /// <summary>In the order they were added.</summary>
    public IReadOnlyList<StatsFeed> Feeds => feeds;

    /// <summary>The daemon is gone.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Adds one; none twice.</summary>
    public void Add(string container)
    {
        if (!feeds.Exists(f => f.Entry.Container == container))
        {
            feeds.Add(new StatsFeed(api, container, stream, MonotonicClock.Milliseconds));
        }
    }

    /// <summary>Adds the containers there are, and from now on those that come; the running ones, or all.</summary>
    public void Follow(bool all)
    {
        this.all = all;
        if (stream)
        {
            // Listening before the list is asked for: none that starts in between is missed.
            events = new LineFeed(api, new Query("/events").Add("filters", """{"type":{"container":true}}""").ToString());
            events.Open();
        }

        foreach (JsonObject container in api.List(new Query("/containers/json").Flag("all", all).ToString()).OfType<JsonObject>())
        {
            Add(Text.Ids.Short(container.Text("Id")));
        }
    }

    /// <summary>Waits until each container has something to show, or it is clear that it will not.</summary>
    public void Settle()
    {
        long until = MonotonicClock.Milliseconds + StatsFeed.Patience;
        while (!HasEnded && feeds.Exists(f => !f.IsSettled))
        {
            ReceiveUntil(until);
            feeds.ForEach(f => f.Tick(MonotonicClock.Milliseconds));
        }
    }

    /// <summary>Takes what comes for a while.</summary>
    public void Pause(int milliseconds)
    {
        long until = MonotonicClock.Milliseconds + milliseconds;
        while (!HasEnded && MonotonicClock.Milliseconds < until)
        {
            ReceiveUntil(until);
        }

        feeds.ForEach(f => f.Tick(MonotonicClock.Milliseconds));
    }

    // One poll, and what it found.
    private void ReceiveUntil(long until)
    {
        StatsFeed[] polled = [.. feeds];
        PollItem[] items = [.. polled.Select(f => Readable(f.Number)), Readable(events?.Number ?? -1)];
        Poll.Wait(items, (int)Math.Max(1, until - MonotonicClock.Milliseconds));
        for (int i = 0; i < polled.Length; i++)
        {
            if (items[i].Found != PollEvents.None)
            {
                polled[i].Receive(MonotonicClock.Milliseconds);
            }
        }

        if (items[^1].Found != PollEvents.None)
        {
            Hear();
        }

        HasEnded |= feeds.Count > 0 && feeds.TrueForAll(static f => f.IsBroken);
    }

    private void Hear()
    {
        try
        {
            foreach (JsonObject happened in events!.Receive())
            {
                string id = Text.Ids.Short(happened.Object("Actor").Text("ID"));
                switch (happened.Text("Action"))
                {
                    case "create" when all:
                    case "start":
                        Add(id);
                        break;
                    case "die" when !all:
                        Remove(id);
                        break;
                }
            }

            HasEnded |= events.HasEnded;
        }
        catch (ConnectionException)
        {
            HasEnded = true;
        }
    }

    private void Remove(string id)
    {
        foreach (StatsFeed feed in feeds.FindAll(f => f.Entry.Container == id))
        {
            feed.Close();
            feeds.Remove(feed);
        }
    }

    private static PollItem Readable(int number) => new() { Number = number, Wanted = PollEvents.Readable };
}
