namespace Berth.Build.Dockerfile;

/// <summary>Lines of a file, counted from 1, both ends included.</summary>
public readonly record struct LineRange(int First, int Last);
