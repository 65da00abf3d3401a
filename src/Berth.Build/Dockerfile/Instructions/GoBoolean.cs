namespace Berth.Build.Dockerfile.Instructions;

/// <summary>What Go's strconv.ParseBool takes.</summary>
internal static class GoBoolean
{
    public static bool? Parse(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };
}
