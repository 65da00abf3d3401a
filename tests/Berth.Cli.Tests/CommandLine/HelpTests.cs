using Berth.Cli.CommandLine;
using Berth.Cli.Commands;

namespace Berth.Cli.Tests.CommandLine;

public sealed class HelpTests
{
    public static IEnumerable<TheoryDataRow<string>> EveryCommand() =>
        CommandTable.Rows.Where(c => !c.IsToCome).SelectMany(c => c.Children.Where(k => !k.IsToCome).Select(k => $"{c.Name} {k.Name}").Prepend(c.Name)).Select(p => new TheoryDataRow<string>(p));

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public void IsAsWritten(string command)
    {
        ClientResult result = Client.Run(null, [.. command.Split(' '), "--help"]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Check($"help/{command.Replace(' ', '_')}.txt", result.Out);
        Assert.Equal(result.Out, Client.Run(null, ["help", .. command.Split(' ')]).Out);
    }

    [Fact]
    public void TopPageIsAsWritten()
    {
        Golden.Check("help/berth.txt", Client.Run(null, "--help").Out);
        Assert.Equal(Client.Run(null, "--help").Out, Client.Run(null).Error);
        Assert.Equal(Client.Run(null, "help").Out, Client.Run(null, "--help").Out);
    }

    [Fact]
    public void UsesTheNameItWasCalledBy() =>
        Assert.StartsWith("Usage:  docker ps [OPTIONS]", Client.Run("docker", null, ["ps", "--help"]).Out, StringComparison.Ordinal);

    /// <summary>A letter or a name that means two things would make the second unreachable.</summary>
    [Fact]
    public void TablesAreSound() => Assert.All(CommandTable.Rows.SelectMany(c => c.Children.Prepend(c)), command =>
    {
        Flag[] flags = command.Flags();
        Assert.Equal(flags.Length, flags.Select(f => f.Name).Distinct().Count());
        Assert.Equal(flags.Count(f => f.Short != '\0'), flags.Where(f => f.Short != '\0').Select(f => f.Short).Distinct().Count());
        Assert.All(flags.Where(f => !f.Hidden), f => Assert.NotEmpty(f.Help));
        Assert.All(flags.Where(f => f.SameAs is not null), f => Assert.Contains(flags, o => o.Name == f.SameAs && o.Kind == f.Kind));
    });
}
