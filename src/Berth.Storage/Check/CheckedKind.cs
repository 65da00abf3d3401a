namespace Berth.Storage.Check;

/// <summary>What a check looks at.</summary>
public enum CheckedKind
{
    /// <summary>Rows of the database that do not fit each other.</summary>
    Row,

    /// <summary>A file or folder that no row names.</summary>
    Leftover,

    Blob,
    Layer,
    Image,

    /// <summary>A container's own files.</summary>
    Container,
}
