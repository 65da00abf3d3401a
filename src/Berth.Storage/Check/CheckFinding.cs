namespace Berth.Storage.Check;

/// <summary>One thing that is not as it should be.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which: a digest, an image's name, a path.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Outcome">What was done about it, or has to be.</param>
/// <param name="IsRepaired">It is as it should be now.</param>
public sealed record CheckFinding(CheckedKind Kind, string Name, string Problem, string Outcome, bool IsRepaired);
