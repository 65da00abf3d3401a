using Berth.Images;
using Berth.Storage;

namespace Berth.Engine.Images;

/// <summary>The filters of a prune of images, read once.</summary>
internal sealed class ImagePruneFilter
{
    private static readonly string[] Known = ["dangling", "label", "label!", "until"];

    private readonly Filters _filters;
    private readonly DateTimeOffset? _until;

    /// <exception cref="EngineException">Invalid: a key or value that does not exist.</exception>
    public ImagePruneFilter(Filters filters, DateTimeOffset now)
    {
        _filters = filters;
        foreach (string key in filters.Keys.Except(Known))
        {
            throw EngineException.Invalid($"invalid filter '{key}'");
        }

        if (filters["until"].Count > 1)
        {
            throw EngineException.Invalid("more than one until filter specified");
        }

        IsDangling = ImageFilter.Dangling(filters["dangling"]) ?? true;
        _until = filters["until"] is [var until] ? InstantText.Parse($"filter 'until={until}'", until, now) : null;
    }

    /// <summary>Only images without a tag.</summary>
    public bool IsDangling { get; }

    /// <summary>Nothing but "dangling" is asked.</summary>
    public bool TakesAll => _until is null && _filters["label"].Count == 0 && _filters["label!"].Count == 0;

    public bool Admits(ImageSummary image) =>
        (!IsDangling || image.RepoTags.Count == 0)
        && (_until is not { } until || image.Created < until)
        && _filters["label"].All(l => Filters.HasLabel(image.Labels, l))
        && !_filters["label!"].Any(l => Filters.HasLabel(image.Labels, l));
}
