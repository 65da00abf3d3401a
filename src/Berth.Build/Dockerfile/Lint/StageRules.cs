using Berth.Build.Dockerfile.Instructions;

namespace Berth.Build.Dockerfile.Lint;

/// <summary>The rules that follow a stage from its base to its end.</summary>
internal sealed class StageRules(LintSubject subject)
{
    private readonly InstructionExpansion _expansion = new(subject.File.Syntax);

    // By stage name: what a stage that begins from it begins with.
    private readonly Dictionary<string, StageState> _ends = new(StringComparer.Ordinal);

    public IEnumerable<LintFinding> Check()
    {
        var scope = GlobalScope.Create(subject.File, subject.Inputs);
        foreach (Stage stage in subject.File.Stages.Where(s => subject.Stages?.Contains(s.Index) != false))
        {
            string name = scope.Expand(stage.From, _expansion).Base.Text;
            StageState state = Begin(name);
            foreach (LintFinding finding in UsedOnce(stage))
            {
                yield return finding;
            }

            foreach (Instruction instruction in stage.Instructions)
            {
                foreach (LintFinding finding in InstructionRules.CheckPorts(instruction, state.Scope, _expansion))
                {
                    yield return finding;
                }

                (ExpandedInstruction expanded, StageScope below) = state.Scope.Apply(instruction, scope, _expansion);
                foreach (LintFinding finding in InstructionRules.Check(expanded, state, subject.Ignore))
                {
                    yield return finding;
                }

                state = state.After(expanded.Instruction, below);
            }

            if (stage.Name is not null)
            {
                _ends[stage.Name] = state;
            }
        }
    }

    private StageState Begin(string name)
    {
        if (_ends.TryGetValue(name, out StageState? end))
        {
            return end;
        }

        if (name == "scratch")
        {
            return new StageState(StageScope.FromScratch(), IsComplete: true, HasShell: false, HasWorkdir: false);
        }

        return subject.BaseImages.TryGetValue(name, out BaseImageFacts? image)
            ? new StageState(StageScope.FromImage(image.Environment), IsComplete: true, image.Shell is { Count: > 0 }, HasWorkdir: false)
            : new StageState(StageScope.FromScratch(), IsComplete: false, HasShell: false, HasWorkdir: false);
    }

    // The place is the earlier one: that is the one without effect.
    private static IEnumerable<LintFinding> UsedOnce(Stage stage) => stage.Instructions
        .Where(i => i is CmdInstruction or EntrypointInstruction or HealthcheckInstruction)
        .GroupBy(i => i.Name)
        .SelectMany(same => same.Zip(same.Skip(1)).Select(pair => LintFinding.At(
            pair.First.Node, LintRules.MultipleInstructionsDisallowed,
            $"Multiple {pair.Second.Node.Keyword} instructions should not be used in the same stage because only the last one will be used")));
}
