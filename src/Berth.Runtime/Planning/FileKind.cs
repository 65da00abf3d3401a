namespace Berth.Runtime.Planning;

/// <summary>What a plan needs to know of a file that is there before it runs.</summary>
internal enum FileKind
{
    Missing,
    Folder,
    File,
}
