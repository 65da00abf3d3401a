using Berth.Cli.Text;

namespace Berth.Cli.Templates;

/// <summary>One word of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As it stands in the source.</param>
/// <param name="Position">Its place in its line, from 0.</param>
/// <param name="Line">From 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, int Line)
{
    /// <summary>As error messages show it.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "EOF",
        TokenKind.Keyword or TokenKind.Dot or TokenKind.Nil => $"<{Text}>",
        _ when Text.Length > 10 => $"{GoString.Quote(Text[..10])}...",
        _ => GoString.Quote(Text),
    };
}
