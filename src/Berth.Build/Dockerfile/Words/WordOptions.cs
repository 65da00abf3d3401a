namespace Berth.Build.Dockerfile.Words;

/// <summary>What a <see cref="WordExpander"/> leaves as it is.</summary>
[Flags]
public enum WordOptions
{
    None = 0,

    /// <summary>Quotes still group, but stay in the result.</summary>
    KeepQuotes = 1,

    /// <summary>Escapes still escape, but stay in the result.</summary>
    KeepEscapes = 2,

    /// <summary>Quotes are characters like others: the content of a here-document.</summary>
    LiteralQuotes = 4,

    /// <summary>A variable that is not set stays as it is written.</summary>
    KeepUnset = 8,
}
