using Berth.Engine.Spec;
using Berth.Storage;

using CsCheck;

namespace Berth.Engine.Tests.Spec;

public sealed class CapabilitiesTests
{
    [Fact]
    public void DefaultsAreDockersFourteen()
    {
        Assert.Equal(14, Capabilities.Default.Count);
        Assert.Equal(41, Capabilities.All.Count);
        Assert.Equal(Capabilities.Default, Of([], []));
    }

    [Fact]
    public void AddAndDrop()
    {
        Assert.Equal([.. Capabilities.Default, "CAP_SYS_ADMIN"], Of(["sys_admin"], []));
        Assert.DoesNotContain("CAP_CHOWN", Of([], ["CAP_CHOWN"]));
        Assert.Equal(["CAP_CHOWN"], Of(["chown"], ["ALL"]));
        Assert.Empty(Of([], ["all"]));
        Assert.Equal(Capabilities.All, Of(["ALL"], []));
        Assert.Equal(Capabilities.All.Where(c => c != "CAP_MKNOD"), Of(["ALL"], ["MKNOD"]));
    }

    [Fact]
    public void PrivilegedIsWhatTheEngineItselfMay() => Assert.Equal(["CAP_KILL"], Capabilities.Of(null, ["ALL"], privileged: true, ["CAP_KILL"]));

    [Fact]
    public void UnknownOnesAreRefused() =>
        Assert.Equal("invalid CapDrop: unknown capability: \"CAP_NOPE\"", Assert.Throws<EngineException>(() => Of([], ["nope"])).Message);

    /// <summary>Whatever is asked for: nothing dropped is held (but what ALL is an exception from), nothing is held twice.</summary>
    [Fact]
    public void DroppedIsDropped()
    {
        Gen<string[]> some = Gen.Int[0, Capabilities.All.Count - 1].Select(i => Capabilities.All[i]).Array[0, 6];
        Gen.Select(some, some).Sample((add, drop) =>
        {
            IReadOnlyList<string> held = Of(add, drop);
            return !held.Intersect(drop).Any() && held.Distinct().Count() == held.Count && add.Except(drop).All(held.Contains);
        });
    }

    private static IReadOnlyList<string> Of(string[] add, string[] drop) => Capabilities.Of(add, drop, privileged: false, Capabilities.All);
}
