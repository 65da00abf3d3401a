namespace Berth.Build.Dockerfile;

/// <summary>A Dockerfile cannot be read or its variables cannot be expanded. The only exception that this folder throws for a wrong file.</summary>
public sealed class DockerfileException : Exception
{
    private readonly bool _isSyntax;
    private readonly SourceFile? _source;

    private DockerfileException(string reason, bool isSyntax, SourceFile? source, LineRange? lines)
        : base(isSyntax && lines is { First: > 0 } at ? $"dockerfile parse error on line {at.First}: {reason}" : reason)
    {
        Reason = reason;
        _isSyntax = isSyntax;
        _source = source;
        Lines = lines;
    }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    public LineRange? Lines { get; }

    public string? FileName => _source?.Name;

    /// <summary>The source around the place with its lines marked; empty where no place is known.</summary>
    public string Excerpt => _source is not null && Lines is LineRange lines ? _source.Excerpt(lines) : "";

    /// <summary>The file's grammar is broken: the message names the line.</summary>
    public static DockerfileException Syntax(string reason) => new(reason, isSyntax: true, null, null);

    /// <summary>The grammar is right, the value is not: a variable that must be set, a platform that does not exist.</summary>
    public static DockerfileException Value(string reason) => new(reason, isSyntax: false, null, null);

    /// <summary>The same with its place; a place it has already stays.</summary>
    public DockerfileException At(SourceFile source, LineRange lines) => Lines is null ? new(Reason, _isSyntax, source, lines) : this;
}
