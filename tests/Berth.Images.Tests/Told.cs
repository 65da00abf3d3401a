namespace Berth.Images.Tests;

/// <summary>Progress that is told at once and in order, unlike <see cref="Progress{T}"/>'s.</summary>
internal sealed class Told<T>(Action<T> told) : IProgress<T>
{
    public void Report(T value) => told(value);
}
