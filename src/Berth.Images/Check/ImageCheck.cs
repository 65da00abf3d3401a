using Berth.Images.Removal;
using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage.Check;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Snapshots;

namespace Berth.Images.Check;

/// <summary>Images whose config, manifests or layers' archives are damaged or missing. On request they are removed under all their names, so that they can be had again.</summary>
internal sealed class ImageCheck(
    BerthDatabase database, IContentProvider content, LayerStore layers, ImageChange? changed, IReadOnlyDictionary<Digest, string> damagedBlobs)
{
    public int Count { get; private set; }

    public async Task RunAsync(bool repair, Action<CheckFinding> found, CancellationToken cancel)
    {
        foreach ((Digest id, ChainId? chain) in database.Read(s => s.Query(
            "SELECT id, chain_id FROM images ORDER BY id", r => (Digest.Parse(r.GetString(0)), r.IsDBNull(1) ? (ChainId?)null : ChainId.Parse(r.GetString(1))))))
        {
            Count++;
            if (ProblemOf(id, chain) is not { } problem)
            {
                continue;
            }

            IReadOnlyList<ImageReference> names = database.Read(s => ImageRows.Names(s, id));
            string shown = names.Count > 0 ? string.Join(", ", names.Select(n => n.Familiar)) : id.Short;
            (string outcome, bool isRepaired) = repair ? await RemoveAsync(id, cancel) : ("--repair removes it; pull or load it again then", false);
            found(new CheckFinding(CheckedKind.Image, shown, problem, outcome, isRepaired));
        }
    }

    private string? ProblemOf(Digest id, ChainId? chain)
    {
        IReadOnlyList<Digest> blobs = database.Read(s => s.Query("SELECT digest FROM image_blobs WHERE image = @id", r => Digest.Parse(r.GetString(0)), ("@id", id.ToString())));
        if (blobs.Append(id).FirstOrDefault(IsBad) is { } bad && bad != default)
        {
            return bad == id ? $"its config {bad} {Fault(bad)}" : $"its content {bad} {Fault(bad)}";
        }

        IReadOnlyList<LayerInfo> stack = layers.Stack(chain);
        if (chain is not null && (stack.Count == 0 || stack[0].Parent is not null))
        {
            return "not all of its layers are there";
        }

        // A damaged layer whose archive is whole is a matter of unpacking it again.
        return stack.FirstOrDefault(l => IsBad(l.Blob.Digest)) is { } without ? $"the archive {without.Blob.Digest} of its layer {Fault(without.Blob.Digest)}" : null;
    }

    private bool IsBad(Digest digest) => damagedBlobs.ContainsKey(digest) || content.Find(digest) is null;

    private string Fault(Digest digest) => damagedBlobs.ContainsKey(digest) ? "is damaged" : "is missing";

    private Task<(string Outcome, bool IsRepaired)> RemoveAsync(Digest id, CancellationToken cancel) => database.WriteAsync(
        t =>
        {
            if (ImageRows.Uses(t, id) is [ImageUse use, ..])
            {
                return ($"the container {use.Container[..Math.Min(12, use.Container.Length)]} uses it: remove that, and check again", false);
            }

            new ImageRemover(t, changed).Remove(id.ToString(), force: true);
            return ("removed: pull or load it again", true);
        },
        cancel);
}
