using Berth.Cli.Json;

namespace Berth.Cli.Templates;

/// <summary>eq, lt and their like: only basic kinds, and only alike ones, can be compared.</summary>
internal static class Comparison
{
    public static bool AreEqual(object? left, object? right)
    {
        (object? a, object? b) = (Basic(left), Basic(right));
        if (a is null || b is null)
        {
            return a is null && b is null;
        }

        return (a, b) switch
        {
            (bool x, bool y) => x == y,
            (string x, string y) => x == y,
            (long x, long y) => x == y,
            (double x, double y) => x.Equals(y),
            _ => throw Incompatible(),
        };
    }

    /// <summary>Negative, zero or positive.</summary>
    public static int Order(object? left, object? right) => (Basic(left), Basic(right)) switch
    {
        (string x, string y) => string.CompareOrdinal(x, y),
        (long x, long y) => x.CompareTo(y),
        (double x, double y) => x.CompareTo(y),
        (bool, bool) or (null, _) or (_, null) => throw new FunctionException("invalid type for comparison"),
        _ => throw Incompatible(),
    };

    private static object? Basic(object? value) => value switch
    {
        null or Missing or TypedNull => null,
        JsonNumber number => number.Value,
        bool or string or long or double => value,
        _ => throw new FunctionException($"non-comparable type {GoValue.Text(value)}: {GoValue.TypeName(value)}"),
    };

    private static FunctionException Incompatible() => new("incompatible types for comparison");
}
