namespace Berth.Cli.Templates;

/// <summary>The value of a key that a map does not have.</summary>
internal sealed class Missing
{
    private Missing()
    {
    }

    public static Missing Value { get; } = new();
}
