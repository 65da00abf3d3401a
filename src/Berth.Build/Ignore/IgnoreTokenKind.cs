namespace Berth.Build.Ignore;

/// <summary>What a part of an ignore pattern matches.</summary>
internal enum IgnoreTokenKind
{
    /// <summary>One character.</summary>
    Literal,

    /// <summary>?: one character but a slash.</summary>
    One,

    /// <summary>[...]: one of some characters, or none of them (then also a slash).</summary>
    Class,

    /// <summary>*: any text without slash.</summary>
    Name,

    /// <summary>**/: nothing, or any text up to a slash.</summary>
    Folders,

    /// <summary>** at the end, or before the end of a name: any text.</summary>
    Rest,
}
