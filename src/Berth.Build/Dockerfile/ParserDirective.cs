namespace Berth.Build.Dockerfile;

/// <summary>A line "# name=value" on top of a file: syntax, escape or check. The name is in lower case.</summary>
public sealed record ParserDirective(string Name, string Value, int Line)
{
    public const string Syntax = "syntax";
    public const string Escape = "escape";
    public const string Check = "check";
}
