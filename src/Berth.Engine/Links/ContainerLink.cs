namespace Berth.Engine.Links;

/// <summary>A link on the default bridge, as a container's row keeps it. By id: names may change.</summary>
/// <param name="Target">The id of the container that is linked to. It may be gone by now: then this one cannot be started.</param>
/// <param name="Alias">What it is called in the container that has the link.</param>
/// <param name="Name">The other one's name when the link was made, for when it is gone.</param>
public sealed record ContainerLink(string Target, string Alias, string Name);
