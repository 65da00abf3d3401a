using Berth.Build.Dockerfile;

namespace Berth.Build.Tests.Dockerfile;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("RNU", true, "RUN")]
    [InlineData("rnu", true, "run")]
    [InlineData("Rnu", true, "run")]
    [InlineData("run", true, null)]
    [InlineData("Run", false, "RUN")]
    [InlineData("", true, null)]
    [InlineData("RUNNNN", true, null)]
    [InlineData("COPPYY", true, "COPY")]
    public void TheNearestIsOffered(string name, bool ignoreCase, string? nearest) =>
        Assert.Equal(nearest, Suggestion.Nearest(name, ["ENV", "RUN", "COPY"], ignoreCase));

    [Fact]
    public void ARightNameHasNoSuggestion() => Assert.Null(Suggestion.Nearest("RUN", ["RUNS", "RUN"]));

    [Fact]
    public void LongNamesAreNotCompared() => Assert.Null(Suggestion.Nearest(new string('a', 100_000), [new string('a', 100_001)]));
}
