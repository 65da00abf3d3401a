using Berth.Build.Dockerfile.Instructions;

namespace Berth.Build.Dockerfile.Lint;

/// <summary>Runs all rules over a Dockerfile. Changes nothing and fetches nothing.</summary>
public static class Linter
{
    /// <summary>Past these nothing more is looked for.</summary>
    public const int MostFindings = 10_000;

    /// <exception cref="DockerfileException">The options of "# check=" are wrong.</exception>
    public static LintReport Check(LintSubject subject)
    {
        var options = LintOptions.Of(subject.File.Syntax, subject.Inputs);
        var findings = new List<LintFinding>();
        DockerfileException? failure = null;
        try
        {
            foreach (LintFinding finding in Findings(subject).Take(MostFindings))
            {
                findings.Add(finding);
            }
        }
        catch (DockerfileException e)
        {
            failure = e;
        }

        LintWarning[] warnings =
        [
            .. findings.Where(f => options.With(f.Comments).Wants(f.Rule)).Select(f => new LintWarning(f.Rule, f.Message, f.Lines)).OrderBy(w => w.Lines.First),
        ];
        return new LintReport(warnings, options, failure);
    }

    private static IEnumerable<LintFinding> Findings(LintSubject subject)
    {
        BuildFile file = subject.File;
        return SyntaxRules.Check(file)
            .Concat(StageNameRules.Check(file.Stages))
            .Concat(CasingRules.Check(file.Stages))
            .Concat(FromRules.Check(subject))
            .Concat(new StageRules(subject).Check());
    }
}
