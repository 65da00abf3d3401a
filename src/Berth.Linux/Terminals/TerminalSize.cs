namespace Berth.Linux.Terminals;

/// <summary>In characters.</summary>
public readonly record struct TerminalSize(int Rows, int Columns);
