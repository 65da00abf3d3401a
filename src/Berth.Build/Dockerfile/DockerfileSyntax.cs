using System.Text;

namespace Berth.Build.Dockerfile;

/// <summary>A file cut into instructions.</summary>
/// <param name="Escape">The escape token in force.</param>
/// <param name="EmptyContinuations">The last line of each instruction that has an empty line among its continuations.</param>
public sealed record DockerfileSyntax(
    SourceFile Source, char Escape, IReadOnlyList<ParserDirective> Directives, IReadOnlyList<InstructionNode> Instructions, IReadOnlyList<int> EmptyContinuations)
{
    /// <summary>The value of a directive, null without one.</summary>
    public string? Directive(string name) => Directives.FirstOrDefault(d => d.Name == name)?.Value;

    /// <summary>A file that reads as this one: comments and the breaking of lines are gone.</summary>
    public string Print()
    {
        var text = new StringBuilder();
        foreach (ParserDirective directive in Directives)
        {
            text.Append("# ").Append(directive.Name).Append('=').Append(directive.Value).Append('\n');
        }

        // An instruction may follow directly: it is no comment, so it ends the directives.
        foreach (InstructionNode instruction in Instructions)
        {
            text.Append(instruction.Print(Escape));
        }

        return text.ToString();
    }
}
