using Berth.Cli.Json;

namespace Berth.Cli.Commands.Images;

/// <summary>One line of "images": an image under one of its names.</summary>
internal sealed record ImageRow(JsonObject Image, string Repository, string Tag, string Digest)
{
    public const string None = "<none>";

    /// <summary>The lines of an image: one a tag (and digest, where they are wanted), or one without a name.</summary>
    public static IEnumerable<ImageRow> Of(JsonObject image, bool digests)
    {
        (string Repository, string Tag)[] tags = Names(image, "RepoTags").Select(ImageName.Split).ToArray();
        (string Repository, string Digest)[] known = Names(image, "RepoDigests").Select(d => (d[..d.IndexOf('@', StringComparison.Ordinal)], d[(d.IndexOf('@', StringComparison.Ordinal) + 1)..])).ToArray();
        if (tags.Length == 0 && known.Length == 0)
        {
            return [new ImageRow(image, None, None, None)];
        }

        var rows = new List<ImageRow>();
        foreach ((string repository, string tag) in tags)
        {
            string[] own = digests ? known.Where(d => d.Repository == repository).Select(d => d.Digest).ToArray() : [];
            rows.AddRange(own.DefaultIfEmpty(None).Select(digest => new ImageRow(image, repository, tag, digest)));
        }

        foreach (IGrouping<string, (string Repository, string Digest)> bare in known.Where(d => !tags.Any(t => t.Repository == d.Repository)).GroupBy(d => d.Repository))
        {
            rows.AddRange((digests ? bare.Select(d => d.Digest) : [None]).Select(digest => new ImageRow(image, bare.Key, None, digest)));
        }

        return rows;
    }

    // Old daemons write an image without a name as "<none>:<none>" and "<none>@<none>".
    private static IEnumerable<string> Names(JsonObject image, string member) =>
        image.List(member).OfType<string>().Where(n => !n.StartsWith(None, StringComparison.Ordinal));
}
