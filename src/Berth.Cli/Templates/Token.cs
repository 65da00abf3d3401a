using Berth.Cli.Text;

namespace Berth.Cli.Templates;

/// <summary>One word of a template.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, int Line)
{
    /// <summary>As error messages show it.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "EOF",
        TokenKind.Keyword => $"<{Text}>",
        _ when Text.Length > 10 => $"{GoString.Quote(Text[..10])}...",
        _ => GoString.Quote(Text),
    };
}
