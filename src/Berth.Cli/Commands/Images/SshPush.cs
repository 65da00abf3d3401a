using System.Diagnostics;
using System.Globalization;

using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Text;
using Berth.Oci.References;

namespace Berth.Cli.Commands.Images;

/// <summary>
/// berth push ssh://HOST IMAGE: images into the Berth or Docker of another machine, without a registry. It is asked which layers it has; our daemon
/// then saves an archive of the others, which goes to its load as it comes. Nothing is kept in between.
/// </summary>
internal sealed class SshPush(Invocation call, SshAddress address)
{
    // A daemon's request line has room for so many; beyond that layers are sent that might be left out.
    private const int MostImages = 60;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly bool quiet = call.Arguments.Is("quiet");
    private readonly Lock told = new();
    private Exception? failure;
    private long sent;
    private long shown;
    private bool over;

    /// <param name="words">Images.</param>
    public int Run(IReadOnlyList<string> words)
    {
        var names = new List<string>();
        var images = new List<JsonObject>();
        foreach (string word in words)
        {
            Add(word, names, images);
        }

        var far = new ApiClient(Endpoint.Over(address), "");
        FarImages there = FarImages.Of(far);
        var target = new Query("/images/get");
        names.ForEach(n => target.Add("names", n));
        foreach ((string id, int count) in images.Select(i => (i.Text("Id"), there.LowestOf(i))).Where(static h => h.Item2 > 0).Distinct().Take(MostImages))
        {
            target.Add("have", string.Create(CultureInfo.InvariantCulture, $"{id}/{count}"));
        }

        target.Text("platform", call.Arguments.Text("platform"));
        using ApiResponse archive = call.Api.Open("GET", target.ToString());
        Send(far, archive);
        Tell(archive, names);
        return 0;
    }

    // A name means its tag, as for a push to a registry; with --all-tags the repository's every one.
    private void Add(string word, List<string> names, List<JsonObject> images)
    {
        if (call.Arguments.Is("all-tags"))
        {
            ImageReference repository = Pull.Parse(word);
            if (repository.Tag is not null || repository.Digest is not null)
            {
                throw new CliException("tag can't be used with --all-tags/-a");
            }

            string filters = Uri.EscapeDataString(ApiClient.Filters([$"reference={repository.FamiliarRepository}"]));
            List<string> ids = [.. call.Api.List($"/images/json?filters={filters}").OfType<JsonObject>().Select(static i => i.Text("Id"))];
            images.AddRange(ids.Count > 0 ? ids.Select(Inspect) : throw new CliException($"An image does not exist locally with the tag: {word}"));
            names.Add(word);
            return;
        }

        JsonObject image = Inspect(word);
        images.Add(image);
        string? tagged = ImageReference.TryParse(word, out ImageReference? name) ? name.WithDefaultTag().Familiar : null;
        names.Add(tagged is not null && image.List("RepoTags").Contains(tagged) ? tagged : word);
    }

    private JsonObject Inspect(string name)
    {
        try
        {
            return call.Api.Get($"/images/{Query.Path(name)}/json");
        }
        catch (ApiException e)
        {
            throw WrongKind.ExplainImage(call, name, e);
        }
    }

    private void Send(ApiClient far, ApiResponse archive)
    {
        try
        {
            using ApiResponse answer = far.Upload("/images/load?quiet=1", "application/x-tar", buffer => Read(archive, buffer));
            EndProgress();
            new ProgressStream(call.Out, quiet).Show(answer);
        }
        catch (Exception e) when (e is ApiException or CliException or ConnectionException)
        {
            EndProgress();
            throw failure is not null ? new CliException($"the archive broke off on its way to {address}, which got no image: {failure.Message}")
                : e is ConnectionException ? e
                : new CliException($"{address} did not take the images: {(e is ApiException refused ? refused.Answer : e.Message)}");
        }
    }

    // On the thread that sends.
    private int Read(ApiResponse archive, byte[] buffer)
    {
        try
        {
            int got = archive.Read(buffer);
            sent += got;
            Show(archive.Head.Length ?? 0);
            return got;
        }
        catch (ConnectionException e)
        {
            failure = e;
            throw;
        }
    }

    private void Show(long total)
    {
        lock (told)
        {
            if (!quiet && !over && call.Out.IsTerminal && (shown == 0 || sent == total || Stopwatch.GetElapsedTime(shown) > Pause))
            {
                shown = Stopwatch.GetTimestamp();
                call.Out.Write($"\r\u001b[2KSending to {address}: {Units.Size(sent)}/{Units.Size(total)}");
                call.Out.Flush();
            }
        }
    }

    private void EndProgress()
    {
        lock (told)
        {
            over = true;
            if (shown != 0)
            {
                call.Out.Line("");
            }
        }
    }

    private void Tell(ApiResponse archive, List<string> names)
    {
        if (quiet)
        {
            names.ForEach(call.Out.Line);
            return;
        }

        string had = archive.Head.LeftOut.Split(' ') is [not "0" and var layers, var bytes] && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            ? $"{layers} {(layers == "1" ? "layer" : "layers")} of {Units.Size(size)} already"
            : "none of the layers";
        call.Out.Line($"Sent {Units.Size(sent)} to {address}; it had {had}");
    }
}
