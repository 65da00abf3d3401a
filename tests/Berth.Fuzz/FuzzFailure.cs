namespace Berth.Fuzz;

/// <summary>What does not hold, and for which input.</summary>
internal sealed class FuzzFailure(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Any other exception than the declared ones.</summary>
    public static FuzzFailure Undeclared(string what, Exception e) => new($"{what}: {e.GetType().Name} left: {e}", e);
}
