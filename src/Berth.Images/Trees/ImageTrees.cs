using Berth.Linux.Trees;
using Berth.Oci.Images;
using Berth.Storage;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Layers.Merged;
using Berth.Storage.Leases;

namespace Berth.Images.Trees;

/// <summary>Looks into images' files without mounting them: what each layer adds, and what one image has otherwise than another.</summary>
public sealed class ImageTrees(BerthDatabase database, LayerStore layers, ImageStore images)
{
    /// <summary>The layers of an image, the lowest first.</summary>
    /// <param name="name">A name or id.</param>
    /// <param name="withChanges">With each path.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">NotFound. Invalid: it has too many files.</exception>
    public async Task<(ImageRecord Image, IReadOnlyList<ImageLayer> Layers)> LayersAsync(string name, bool withChanges, CancellationToken cancel)
    {
        ImageRecord image = images.Resolve(name);
        await using Lease lease = await Lease.CreateAsync(database, "image tree", cancel);
        IReadOnlyList<LayerInfo> stack = await KeepAsync(image, lease, cancel);
        Dictionary<string, int> uses = database.Read(Uses);
        return (image, await OnThread(() => Describe(image, stack, uses, withChanges, cancel), cancel));
    }

    /// <summary>Tells each path that the second image has otherwise than the first, in order.</summary>
    /// <param name="from">A name or id.</param>
    /// <param name="to">Another.</param>
    /// <param name="changed">Told on a thread of its own.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">NotFound. Invalid: one has too many files.</exception>
    public async Task DifferenceAsync(string from, string to, Action<MergedChange> changed, CancellationToken cancel)
    {
        (ImageRecord one, ImageRecord two) = (images.Resolve(from), images.Resolve(to));
        await using Lease lease = await Lease.CreateAsync(database, "image diff", cancel);
        IReadOnlyList<LayerInfo> left = await KeepAsync(one, lease, cancel), right = await KeepAsync(two, lease, cancel);
        await OnThread(
            () =>
            {
                MergedDifference.Run(Merge(left, cancel), Merge(right, cancel), changed, cancel);
                return true;
            },
            cancel);
    }

    private async Task<IReadOnlyList<LayerInfo>> KeepAsync(ImageRecord image, Lease lease, CancellationToken cancel)
    {
        if (image.Chain is { } chain && !await layers.KeepAsync(chain, lease, cancel))
        {
            throw EngineException.NotFound($"No such image: {image.Id.Short}"); // removed just now
        }

        return layers.Stack(image.Chain);
    }

    private List<ImageLayer> Describe(ImageRecord image, IReadOnlyList<LayerInfo> stack, Dictionary<string, int> uses, bool withChanges, CancellationToken cancel)
    {
        History[] steps = [.. (image.Config.History ?? []).Where(static h => h.EmptyLayer is not true)];
        var tree = new MergedTree();
        var described = new List<ImageLayer>();
        for (int i = 0; i < stack.Count; i++)
        {
            var changes = new List<MergedChange>();
            int[] counts = new int[3];
            tree.Add(
                layers.FilesOf(stack[i].Chain),
                change =>
                {
                    counts[(int)change.Kind]++;
                    if (withChanges)
                    {
                        changes.Add(change);
                    }
                },
                cancel);
            changes.Sort(static (a, b) => a.Path.AsSpan().SequenceCompareTo(b.Path));
            described.Add(new ImageLayer(
                stack[i], steps.Length == stack.Count ? steps[i] : null, uses.GetValueOrDefault(stack[i].Chain.ToString()),
                counts[(int)TreeChangeKind.Added], counts[(int)TreeChangeKind.Changed], counts[(int)TreeChangeKind.Deleted], changes));
        }

        return described;
    }

    private MergedTree Merge(IReadOnlyList<LayerInfo> stack, CancellationToken cancel)
    {
        var tree = new MergedTree();
        foreach (LayerInfo layer in stack)
        {
            tree.Add(layers.FilesOf(layer.Chain), null, cancel);
        }

        return tree;
    }

    // How many images stand on each layer.
    private static Dictionary<string, int> Uses(Session s) => s.Query(
        "WITH RECURSIVE below(image, chain_id) AS (SELECT id, chain_id FROM images WHERE chain_id IS NOT NULL "
            + "UNION ALL SELECT image, parent FROM layers JOIN below USING (chain_id) WHERE parent IS NOT NULL) SELECT chain_id, count(*) FROM below GROUP BY chain_id",
        r => (r.GetString(0), r.GetInt32(1))).ToDictionary(u => u.Item1, u => u.Item2);

    private static Task<T> OnThread<T>(Func<T> work, CancellationToken cancel) => Task.Factory.StartNew(work, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
