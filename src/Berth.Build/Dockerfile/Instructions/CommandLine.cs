namespace Berth.Build.Dockerfile.Instructions;

/// <summary>What RUN, CMD and ENTRYPOINT execute.</summary>
/// <param name="Arguments">Shell form: one text, or none where nothing stands there. Exec form: the arguments.</param>
/// <param name="IsShellForm">The shell of SHELL reads it; else it is executed as it is.</param>
/// <param name="Files">Here-documents of RUN.</param>
public sealed record CommandLine(IReadOnlyList<string> Arguments, bool IsShellForm, IReadOnlyList<Heredoc> Files);
