using Berth.Runtime.Commands;

namespace Berth.Runtime.Tests.Commands;

public sealed class CommandOptionsTests
{
    [Fact]
    public void OptionsEndAtTheFirstOtherWord()
    {
        CommandOptions options = CommandOptions.Parse(["--bundle=/b", "-p", "file", "--tty", "id", "--bundle", "x"], "b=bundle", "p=pid-file", "t=tty!");
        Assert.Equal("/b", options.Value("bundle"));
        Assert.Equal("file", options.Value("pid-file"));
        Assert.True(options.Has("tty"));
        Assert.Equal(["id", "--bundle", "x"], options.Arguments);
        Assert.Equal("id", options.Id());
    }

    [Fact]
    public void ASwitchCanBeTurnedOffAndTheLastValueCounts()
    {
        CommandOptions options = CommandOptions.Parse(["--tty", "--tty=false", "--env", "A=1", "--env", "B=2", "--", "-x"], "tty!", "e=env");
        Assert.False(options.Has("tty"));
        Assert.Equal(["A=1", "B=2"], options.Values("env"));
        Assert.Equal(["-x"], options.Arguments);
    }

    [Theory]
    [InlineData("--nope", "unknown option --nope")]
    [InlineData("--bundle", "needs a value")]
    public void MistakesAreNamed(string word, string message) =>
        Assert.Contains(message, Assert.Throws<CommandException>(() => CommandOptions.Parse([word], "b=bundle")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    public void NumbersAreNumbers(string text) =>
        Assert.Throws<CommandException>(() => CommandOptions.Parse(["--preserve-fds", text], "preserve-fds").Number("preserve-fds"));

    [Fact]
    public void TheIdIsNeeded() => Assert.Throws<CommandException>(() => CommandOptions.Parse([]).Id());
}
