using Berth.Oci.References;

namespace Berth.Cli.Commands.Manifests;

/// <summary>Names of manifests and of lists of them.</summary>
internal static class ListName
{
    /// <summary>The whole name, with the default tag where there is neither tag nor digest.</summary>
    /// <param name="typed">As people write it.</param>
    /// <param name="what">Stands before the error.</param>
    /// <exception cref="CliException">It is no name.</exception>
    public static ImageReference Parse(string typed, string what = "")
    {
        try
        {
            return ImageReference.Parse(typed).WithDefaultTag();
        }
        catch (FormatException e)
        {
            throw new CliException(what + e.Message);
        }
    }
}
