using Berth.Oci.Images;
using Berth.Storage.Layers;
using Berth.Storage.Layers.Merged;

namespace Berth.Images.Trees;

/// <summary>What one layer of an image adds to those below it.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Step">The step of the image's history that made it; null: the history does not tell.</param>
/// <param name="Images">How many images stand on it.</param>
/// <param name="Added">Paths that the layers below do not have.</param>
/// <param name="Changed">Paths that they have otherwise.</param>
/// <param name="Deleted">Paths of theirs that it hides.</param>
/// <param name="Changes">Each of these, by path; empty where they were not asked for.</param>
public sealed record ImageLayer(LayerInfo Layer, History? Step, int Images, int Added, int Changed, int Deleted, IReadOnlyList<MergedChange> Changes);
