using Berth.Images.Import;
using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Images.Tests.Import;

public sealed class ImportChangesTests
{
    [Fact]
    public void EveryInstructionChangesItsField()
    {
        ImageConfig config = ImportChanges.Apply(
            new ImageConfig { Env = ["A=old", "KEPT=1"] },
            [
                "CMD [\"a\", \"b c\"]", "entrypoint echo $HOME", "ENV A=new B=\"x y\" C='q' D=a\\ b", "ENV OLD the  form", "EXPOSE 80 53/udp 8000-8002",
                "LABEL k=v \"long key\"=\"v 2\"", "ONBUILD RUN make", "STOPSIGNAL SIGINT", "USER app:grp", "VOLUME /a /b", "VOLUME [\"/c d\"]",
                "WORKDIR /srv", "WORKDIR app/../www", "HEALTHCHECK --interval=1m30s --timeout=500ms --retries=2 CMD curl -f localhost", "# a comment",
            ]);
        Assert.Equal(["a", "b c"], config.Cmd);
        Assert.Equal(["/bin/sh", "-c", "echo $HOME"], config.Entrypoint);
        Assert.Equal(["A=new", "KEPT=1", "B=x y", "C=q", "D=a b", "OLD=the  form"], config.Env);
        Assert.Equal(["53/udp", "80/tcp", "8000/tcp", "8001/tcp", "8002/tcp"], config.ExposedPorts!.Keys);
        Assert.Equal("v 2", config.Labels!["long key"]);
        Assert.Equal(["RUN make"], config.OnBuild);
        Assert.Equal(("SIGINT", "app:grp", "/srv/www"), (config.StopSignal, config.User, config.WorkingDir));
        Assert.Equal(["/a", "/b", "/c d"], config.Volumes!.Keys);
        Assert.Equal(["CMD-SHELL", "curl -f localhost"], config.Healthcheck!.Test);
        Assert.Equal((90_000_000_000, 500_000_000, 2), (config.Healthcheck.Interval, config.Healthcheck.Timeout, config.Healthcheck.Retries));
    }

    [Fact]
    public void HealthchecksTakeThreeForms()
    {
        Assert.Equal(["NONE"], Apply("HEALTHCHECK NONE").Healthcheck!.Test);
        Assert.Equal(["CMD", "a", "b"], Apply("HEALTHCHECK CMD [\"a\",\"b\"]").Healthcheck!.Test);
        Assert.Equal(["CMD-SHELL", "[ -e /x ]"], Apply("HEALTHCHECK CMD [ -e /x ]").Healthcheck!.Test);
    }

    [Theory]
    [InlineData("RUN make", "RUN is not a valid change command")]
    [InlineData("FROM x", "FROM is not a valid change command")]
    [InlineData("ENV", "at least one argument")]
    [InlineData("ENV A", "two arguments")]
    [InlineData("ENV A=1 B", "syntax error")]
    [InlineData("ENV A=\"1", "quote")]
    [InlineData("EXPOSE 80/icmp", "invalid containerPort")]
    [InlineData("EXPOSE 70000", "invalid containerPort")]
    [InlineData("EXPOSE 9-1", "invalid containerPort")]
    [InlineData("EXPOSE", "at least one argument")]
    [InlineData("USER", "exactly one argument")]
    [InlineData("ONBUILD ONBUILD RUN x", "chaining")]
    [InlineData("ONBUILD FROM x", "not allowed")]
    [InlineData("HEALTHCHECK", "unknown type")]
    [InlineData("HEALTHCHECK CMD", "missing command")]
    [InlineData("HEALTHCHECK --every=1s CMD x", "unknown flag")]
    [InlineData("HEALTHCHECK --interval=1 CMD x", "invalid duration")]
    [InlineData("HEALTHCHECK --interval=99999999999h CMD x", "invalid duration")]
    [InlineData("HEALTHCHECK --retries=0 CMD x", "at least 1")]
    public void BadChangesAreRefusedByName(string change, string why)
    {
        EngineException refused = Assert.Throws<EngineException>(() => Apply(change));
        Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    private static ImageConfig Apply(string change) => ImportChanges.Apply(new ImageConfig(), [change]);
}
