namespace Berth.Engine.Events;

/// <summary>Something happened to an object.</summary>
/// <param name="Type">container, image, volume, network, daemon.</param>
/// <param name="Action">Docker's word: create, start, die …</param>
/// <param name="ActorId">The object's id, or a volume's or image's name.</param>
/// <param name="Attributes">name, image, labels, exitCode …</param>
public sealed record EngineEvent(string Type, string Action, string ActorId, IReadOnlyDictionary<string, string> Attributes);
