namespace Berth.Cli.Tests;

internal sealed record ClientResult(int Code, string Out, string Error)
{
    public override string ToString() => $"exit {Code}\n--- out\n{Out}--- err\n{Error}";
}
