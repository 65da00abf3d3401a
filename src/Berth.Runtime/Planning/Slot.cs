namespace Berth.Runtime.Planning;

/// <summary>A place for what a call returns, mostly a descriptor. Slot 0 holds the report socket.</summary>
internal readonly record struct Slot(int Index);
