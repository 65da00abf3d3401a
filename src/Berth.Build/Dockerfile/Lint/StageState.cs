using Berth.Build.Dockerfile.Instructions;

namespace Berth.Build.Dockerfile.Lint;

/// <summary>What holds at one place of a stage.</summary>
/// <param name="IsComplete">The base's variables are known.</param>
/// <param name="HasShell">SHELL stands above or in the base.</param>
/// <param name="HasWorkdir">WORKDIR stands above, in this file.</param>
internal sealed record StageState(StageScope Scope, bool IsComplete, bool HasShell, bool HasWorkdir)
{
    public StageState After(Instruction instruction, StageScope below) => this with
    {
        Scope = below,
        HasShell = HasShell || instruction is ShellInstruction,
        HasWorkdir = HasWorkdir || instruction is WorkdirInstruction,
    };
}
