using System.Text;
using System.Text.Json;

using Berth.Cli.Registries;
using Berth.Cli.Specs;
using Berth.Oci.References;

namespace Berth.Cli.Commands.Manifests;

/// <summary>
/// Lists of manifests before they are pushed, in the folder and the form of Docker's client, so that a list can be begun with one client and gone on
/// with by the other: manifests/LIST/MANIFEST below its configuration, with "/" and ":" of the names as "_" and "-".
/// </summary>
/// <param name="folder">The folder of all lists.</param>
internal sealed class DraftStore(string folder)
{
    // A manifest of 4 MiB, once in base64 and once as JSON with escapes.
    private const long LargestFile = 32 << 20;
    private const int MostMembers = 5000;

    public static DraftStore Of(Session session) => new(Path.Join(ClientConfiguration.FolderOf(session), "manifests"));

    /// <summary>The error of a list or a member that is not there.</summary>
    public static CliException Missing(ImageReference name) => new($"No such manifest: {name}");

    /// <summary>The members of a list, in the order of their names; null: there is no such list.</summary>
    /// <exception cref="CliException">It cannot be read.</exception>
    public IReadOnlyList<DraftMember>? Find(ImageReference list) => Try(FolderOf(list), path =>
    {
        if (!Directory.Exists(path))
        {
            return null;
        }

        string[] files = Directory.GetFileSystemEntries(path);
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length <= MostMembers ? files.Select(Read).ToList() : throw new CliException($"{path} holds more than {MostMembers} manifests");
    });

    /// <summary>A member of a list; null: there is none.</summary>
    /// <exception cref="CliException">It cannot be read.</exception>
    public DraftMember? Find(ImageReference list, ImageReference member) => Try(FileOf(list, member), static path => File.Exists(path) ? Read(path) : null);

    /// <summary>Keeps a member under its name. Written aside and renamed: another client never reads half of it.</summary>
    /// <exception cref="CliException">It cannot be written.</exception>
    public void Keep(ImageReference list, ImageReference name, DraftMember member) => _ = Try(FileOf(list, name), path =>
    {
        Directory.CreateDirectory(FolderOf(list));
        string aside = Path.Join(folder, $".new-{Environment.ProcessId}");
        try
        {
            File.WriteAllText(aside, member.Text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }

        return path;
    });

    /// <summary>Whatever the list holds. False: there was none.</summary>
    /// <exception cref="CliException">It cannot be removed.</exception>
    public bool Remove(ImageReference list) => Try(FolderOf(list), static path =>
    {
        if (!Directory.Exists(path))
        {
            return false;
        }

        Directory.Delete(path, recursive: true);
        return true;
    });

    private static DraftMember Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= LargestFile ? DraftMember.Read(File.ReadAllBytes(path)) : throw new CliException($"{path} is larger than {LargestFile >> 20} MiB");
        }
        catch (JsonException e)
        {
            throw new CliException($"{path} is no draft of a manifest: {e.Message}: remove the list and create it anew");
        }
    }

    private static T Try<T>(string path, Func<string, T> act)
    {
        try
        {
            return act(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{path}: {FileReason.Of(e)}");
        }
    }

    private string FolderOf(ImageReference list) => Path.Join(folder, SafeName(list));

    private string FileOf(ImageReference list, ImageReference member) => Path.Join(FolderOf(list), SafeName(member));

    private static string SafeName(ImageReference name) => name.ToString().Replace(':', '-').Replace('/', '_');
}
