namespace Berth.Conformance.Tests.Isolation;

/// <summary>docker diff of the same acts on both engines.</summary>
[Collection(BothEngines.Collection)]
public sealed class ContainerChangesTests(BothEngines engines)
{
    private const string Deep = "mkdir -p /d/e/f /d/g; echo 1 > /d/e/f/x; echo 2 > /d/e/y";

    [Theory]
    [InlineData("true")]
    [InlineData("echo x >> /etc/passwd")]
    [InlineData("echo x > /d/new; mkdir -p /n/m; mkfifo /n/m/p; ln -s x /n/l")]
    [InlineData("echo x >> /d/e/f/x")]
    [InlineData("chmod 700 /d/e/f")]
    [InlineData("touch /d/e/f")]
    [InlineData("rm -r /d/e")]
    [InlineData("rm -r /d/e; mkdir /d/e; echo x > /d/e/q")]
    [InlineData("rm -r /d/e; mkdir -p /d/e/f; echo xyz > /d/e/f/x")]
    [InlineData("rm -r /d/e; echo file > /d/e")]
    [InlineData("rm /d/e/y; mkdir /d/e/y; echo x > /d/e/y/in")]
    [InlineData("mv /d/e /d/h")]
    [InlineData("mkdir /tmp/a; rmdir /tmp/a; echo x > /tmp/b; rm /tmp/b")]
    public async Task AreTheSame(string acts)
    {
        string[] ours = await ChangesAsync(engines.Ours.TextAsync, acts), theirs = await ChangesAsync(engines.Theirs.TextAsync, acts);
        Assert.Equal(theirs.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }

    private static async Task<string[]> ChangesAsync(Func<string[], Task<string>> client, string acts)
    {
        string below = await client(["create", "--net", "none", "busybox", "sh", "-c", Deep]);
        await client(["start", "-a", below]);
        string image = await client(["commit", below]), container = await client(["create", "--net", "none", image, "sh", "-c", acts]);
        await client(["start", "-a", container]);
        string changes = await client(["diff", container]);
        await client(["rm", below, container]);
        await client(["rmi", image]);
        return changes.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
