using System.Text;

namespace Berth.Build.Dockerfile;

/// <summary>One instruction as it is written: cut into its parts, but with nothing expanded and no meaning checked.</summary>
public sealed record InstructionNode
{
    /// <summary>In the case of the file.</summary>
    public required string Keyword { get; init; }

    /// <summary>Its lines joined, without comments and continuation characters.</summary>
    public required string Original { get; init; }

    /// <summary>"--name=value" before the arguments; quotes are gone.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Words, the strings of a JSON array, or one text, by the instruction's form. Those of ENV and LABEL are in <see cref="Pairs"/>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyList<KeyValue> Pairs { get; init; } = [];

    /// <summary>The arguments were a JSON array: the exec form.</summary>
    public bool IsJson { get; init; }

    /// <summary>What ONBUILD keeps for later.</summary>
    public InstructionNode? Trigger { get; init; }

    public IReadOnlyList<Heredoc> Heredocs { get; init; } = [];

    public LineRange Lines { get; init; }

    /// <summary>The comment lines directly above, without "#".</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];

    internal bool IsKeyword(string upper) => Keyword.Equals(upper, StringComparison.OrdinalIgnoreCase);

    /// <summary>As it could stand in a file, in one line and its here-documents.</summary>
    public string Print(char escape)
    {
        var text = new StringBuilder(Original.Trim());
        if (EscapeToken.TryCutContinuation(text.ToString(), escape, out _))
        {
            // Only the last instruction of a file can end like this: "a \ \" and nothing after it.
            text.Append(' ').Append(escape);
        }

        text.Append('\n');
        foreach (Heredoc heredoc in Heredocs)
        {
            text.Append(heredoc.Content).Append(heredoc.Name).Append('\n');
        }

        return text.ToString();
    }
}
