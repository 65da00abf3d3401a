namespace Berth.Engine.Spec;

/// <summary>A line of group(5).</summary>
public readonly record struct GroupEntry(string Name, uint Gid, IReadOnlyList<string> Members);
