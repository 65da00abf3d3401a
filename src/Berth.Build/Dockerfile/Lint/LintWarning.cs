namespace Berth.Build.Dockerfile.Lint;

/// <summary>A rule that is not kept, and where.</summary>
public sealed record LintWarning(LintRule Rule, string Message, LineRange Lines)
{
    /// <summary>"Name: message (line N)".</summary>
    public override string ToString() => $"{Rule.Name}: {Message} (line {Lines.First})";
}
