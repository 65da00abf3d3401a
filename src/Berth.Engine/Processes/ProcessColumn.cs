namespace Berth.Engine.Processes;

/// <summary>A column of a process list.</summary>
internal sealed record ProcessColumn(string Title, Func<ProcessFacts, string> Show);
