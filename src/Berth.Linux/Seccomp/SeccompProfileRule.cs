namespace Berth.Linux.Seccomp;

/// <summary>One action for calls of these names. Conditions on different arguments must all hold; of several on one argument, one is enough (as in runc).</summary>
public sealed record SeccompProfileRule(IReadOnlyList<string> Names, SeccompAction Action, uint? Errno, IReadOnlyList<SeccompCondition> Conditions);
