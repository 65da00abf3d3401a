namespace Berth.Cli.Templates;

internal enum TokenKind
{
    Text,
    LeftDelimiter,
    RightDelimiter,
    Identifier,
    Field,
    Variable,
    Dot,
    String,
    RawString,
    Char,
    Number,
    Bool,
    Nil,
    Pipe,
    LeftParen,
    RightParen,

    /// <summary>A comma, or what no template wants.</summary>
    Punctuation,
    Declare,
    Assign,
    Space,
    Keyword,
    End,
}
