using Berth.Images;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Engine.Images;

/// <summary>The filters of a list of images, read once.</summary>
internal sealed class ImageFilter
{
    private static readonly string[] Known = ["dangling", "label", "reference", "before", "since", "until"];

    private readonly Filters _filters;
    private readonly bool? _dangling;
    private readonly DateTimeOffset? _before;
    private readonly DateTimeOffset? _since;

    private ImageFilter(Filters filters, bool? dangling, DateTimeOffset? before, DateTimeOffset? since)
    {
        _filters = filters;
        _dangling = dangling;
        _before = before;
        _since = since;
    }

    /// <exception cref="EngineException">Invalid: an unknown filter or value. NotFound: before or since name no image.</exception>
    public static ImageFilter Of(Filters filters, ImageStore store)
    {
        foreach (string key in filters.Keys)
        {
            if (!Known.Contains(key))
            {
                throw EngineException.Invalid($"invalid filter '{key}'");
            }
        }

        DateTimeOffset? before = filters["before"].Select(name => (DateTimeOffset?)CreatedOf(store, name)).Min();
        DateTimeOffset? until = filters["until"].Select(u => (DateTimeOffset?)InstantText.Parse($"filter 'until={u}'", u, DateTimeOffset.UtcNow)).Min();
        DateTimeOffset? since = filters["since"].Select(name => (DateTimeOffset?)CreatedOf(store, name)).Max();
        return new ImageFilter(filters, Dangling(filters["dangling"]), before is null || until < before ? until : before, since);
    }

    private static DateTimeOffset CreatedOf(ImageStore store, string name) => store.Resolve(name).Config.Created ?? DateTimeOffset.MinValue;

    public bool Admits(ImageSummary image) =>
        (_dangling is null || _dangling == (image.RepoTags.Count == 0))
        && (_before is null || image.Created < _before)
        && (_since is null || image.Created > _since)
        && _filters["label"].All(label => Filters.HasLabel(image.Labels, label))
        && (_filters["reference"].Count == 0 || image.RepoTags.Any(Fits) || image.RepoDigests.Any(Fits));

    /// <summary>An image that is admitted, with a reference filter under none but the names that fit it: tags and digests alike, as by dockerd.</summary>
    public ImageSummary Shown(ImageSummary image)
    {
        if (_filters["reference"].Count == 0)
        {
            return image;
        }

        // A tag brings its repository's digests: a pattern with a tag fits no digest, and yet they are of what it names.
        string[] tags = [.. image.RepoTags.Where(Fits)];
        HashSet<string> repositories = [.. tags.Select(static tag => ImageReference.Parse(tag).Repository)];
        return image with { RepoTags = tags, RepoDigests = [.. image.RepoDigests.Where(d => Fits(d) || repositories.Contains(ImageReference.Parse(d).Repository))] };
    }

    private bool Fits(string name) => _filters["reference"].Any(pattern => Fits(name, pattern));

    private static bool Fits(string name, string pattern)
    {
        if (!ImageReference.TryParse(name, out ImageReference? reference))
        {
            return false;
        }

        return PathPattern.Matches(pattern, reference.Familiar) || PathPattern.Matches(pattern, reference.FamiliarRepository);
    }

    internal static bool? Dangling(IReadOnlyList<string> values) => values.Count == 0 ? null : values[0].ToLowerInvariant() switch
    {
        "1" or "t" or "true" => true,
        "0" or "f" or "false" => false,
        string value => throw EngineException.Invalid($"invalid filter 'dangling={value}'"),
    };
}
