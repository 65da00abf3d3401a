namespace Berth.Fuzz;

/// <summary>One parser of strangers' bytes, with what must hold whatever the bytes are.</summary>
internal interface IFuzzTarget : IDisposable
{
    /// <summary>As the command line takes it.</summary>
    string Name { get; }

    /// <summary>Makes one input and tries it.</summary>
    /// <exception cref="FuzzFailure">Something does not hold.</exception>
    void Try(Random random);
}
