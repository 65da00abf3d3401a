namespace Berth.Storage.Tar;

/// <summary>What an entry becomes.</summary>
public enum TarEntryType
{
    File,
    HardLink,
    Symlink,
    CharacterDevice,
    BlockDevice,
    Folder,
    Fifo,
}
