namespace Berth.Images.Lists;

/// <summary>What a name means in its registry.</summary>
/// <param name="IsList">The name means a list of manifests, whose members these are.</param>
/// <param name="Members">Otherwise the one manifest.</param>
public sealed record FoundManifests(bool IsList, IReadOnlyList<ListMember> Members);
