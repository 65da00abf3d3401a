namespace Berth.Linux.Trees;

/// <summary>An extended attribute. Both are bytes: a value may hold anything.</summary>
public readonly record struct TreeXattr(byte[] Name, byte[] Value);
