using System.Text.Json;

using Berth.Api;
using Berth.Engine.Spec;
using Berth.Oci.Runtime;
using Berth.Storage;

namespace Berth.Engine.Tests.Spec;

public sealed class SeccompProfilesTests
{
    private const string Profile =
        """
        {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,
         "archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86"]},{"architecture":"SCMP_ARCH_AARCH64","subArchitectures":["SCMP_ARCH_ARM"]}],
         "syscalls":[
          {"names":["read","write"],"action":"SCMP_ACT_ALLOW"},
          {"names":["mount"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMIN"]}},
          {"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2114060288,"op":"SCMP_CMP_MASKED_EQ"}],"excludes":{"caps":["CAP_SYS_ADMIN"]}},
          {"names":["old"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"99.0"}},
          {"names":["strange"],"action":"SCMP_ACT_ALLOW","includes":{"arches":["s390x"]}},
          {"name":"one","action":"SCMP_ACT_ERRNO","errnoRet":38}]}
        """;

    private static readonly SeccompProfiles Profiles = new(_ => new SeccompPolicy { DefaultAction = "default" });

    [Fact]
    public void RulesAreChosenByCapability()
    {
        Assert.Equal(["read,write", "clone", "one"], Names([]));
        Assert.Equal(["read,write", "mount", "one"], Names(["CAP_SYS_ADMIN"]));
        SeccompPolicy policy = Convert([]);
        Assert.Equal(2, policy.Architectures!.Count);
        Assert.Equal(2114060288ul, policy.Syscalls![1].Args![0].Value);
        Assert.Equal(38u, policy.Syscalls[2].ErrnoRet);
    }

    [Fact]
    public void WhoGetsWhich()
    {
        Assert.Equal("default", Profiles.Of(new HostConfig(), [])!.DefaultAction);
        Assert.Null(Profiles.Of(new HostConfig { Privileged = true }, []));
        Assert.Null(Profiles.Of(new HostConfig { SecurityOpt = ["seccomp=unconfined"] }, []));
        Assert.Equal("SCMP_ACT_ERRNO", Profiles.Of(new HostConfig { SecurityOpt = ["seccomp=" + Profile] }, [])!.DefaultAction);
    }

    [Fact]
    public void ABadProfileIsRefused() => Assert.Throws<EngineException>(() => Profiles.Of(new HostConfig { SecurityOpt = ["seccomp={"] }, []));

    private static SeccompPolicy Convert(string[] capabilities)
    {
        using JsonDocument document = JsonDocument.Parse(Profile);
        return SeccompProfiles.FromDocker(document.RootElement, capabilities);
    }

    private static IEnumerable<string> Names(string[] capabilities) => Convert(capabilities).Syscalls!.Select(r => string.Join(',', r.Names!));
}
