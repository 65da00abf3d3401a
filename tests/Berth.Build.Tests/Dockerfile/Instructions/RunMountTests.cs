using Berth.Build.Dockerfile;
using Berth.Build.Dockerfile.Instructions;

namespace Berth.Build.Tests.Dockerfile.Instructions;

public sealed class RunMountTests
{
    [Fact]
    public void BindIsTheDefaultAndReadOnly() => Assert.Equal(
        new RunMount { From = "b", Source = "/s", Target = "/t", IsReadOnly = true }, Parse("from=b,src=/s,dst=/t"));

    [Theory]
    [InlineData("target=/t,rw", false)]
    [InlineData("target=/t,readwrite=false", true)]
    [InlineData("target=/t,ro=false", false)]
    [InlineData("type=cache,target=/t", false)]
    [InlineData("type=cache,target=/t,readonly", true)]
    [InlineData("type=tmpfs,target=/t", false)]
    [InlineData("type=secret,id=a", true)]
    public void WritingDependsOnTheType(string text, bool readOnly) => Assert.Equal(readOnly, Parse(text).IsReadOnly);

    [Fact]
    public void CacheHasAllItsKeys() => Assert.Equal(
        new RunMount
        {
            Type = RunMountType.Cache, Id = "i", Target = "/t", From = "b", Source = "s", Sharing = CacheSharing.Locked, Mode = 493, Uid = 1, Gid = 2,
        },
        Parse("TYPE=Cache,id=i,destination=/t,from=b,source=s,sharing=LOCKED,mode=0755,uid=1,gid=2"));

    [Fact]
    public void SecretHasAllItsKeys() => Assert.Equal(
        new RunMount { Type = RunMountType.Secret, Id = "i", Target = "/t", IsRequired = true, Variable = "V", Mode = 256, Uid = 1, Gid = 2, IsReadOnly = true },
        Parse("type=secret,id=i,target=/t,required,env=V,mode=400,uid=1,gid=2"));

    [Fact]
    public void SshAndTmpfsHaveTheirOwn()
    {
        Assert.Equal(new RunMount { Type = RunMountType.Ssh, Id = "default", IsReadOnly = true }, Parse("type=ssh,id=default,required=false"));
        Assert.Equal(new RunMount { Type = RunMountType.Tmpfs, Target = "/t", SizeLimit = 64 << 20 }, Parse("type=tmpfs,target=/t,size=64m"));
    }

    [Fact]
    public void AFieldMayBeQuoted() => Assert.Equal("/a,\"b", Parse("target=/t,\"source=/a,\"\"b\"").Source);

    [Theory]
    [InlineData("type=bind,target=/t,mode=1", "mode not allowed for \"bind\" type mounts")]
    [InlineData("uid=1,target=/t", "uid not allowed for \"bind\" type mounts")]
    [InlineData("type=tmpfs,gid=1", "gid not allowed for \"tmpfs\" type mounts")]
    [InlineData("type=bind,required", "unexpected key 'required' for mount type 'bind'")]
    [InlineData("type=cache,size=1", "unexpected key 'size' for mount type 'cache'")]
    [InlineData("type=secret", "invalid secret mount. one of source, target required")]
    [InlineData("type=secret,id=a,source=b", "both source and id can't be set")]
    [InlineData("type=secret,id=a,from=b", "secret mount should not have a from")]
    [InlineData("type=secret,id=a,sharing=shared", "secret mount should not define sharing")]
    [InlineData("type=bind,sharing=shared", "invalid cache sharing set for bind mount")]
    [InlineData("type=cache,sharing=lock", "unsupported sharing value \"lock\" (did you mean locked?)")]
    [InlineData("type=cach", "unsupported mount type \"cach\" (did you mean cache?)")]
    [InlineData("type=cache,targt=/t", "unexpected key 'targt' in 'targt=/t' (did you mean target?)")]
    [InlineData("type=cache,target", "invalid field 'target' must be a key=value pair")]
    [InlineData("ro=maybe", "invalid value for ro: maybe")]
    [InlineData("type=cache,mode=9", "invalid value 9 for mode")]
    [InlineData("type=cache,uid=-1", "invalid value -1 for uid")]
    [InlineData("type=tmpfs,size=x", "invalid value for size: x")]
    [InlineData("a\"b", "failed to parse csv mounts: bare \" in non-quoted-field in \"a\\\"b\"")]
    [InlineData("\"a", "failed to parse csv mounts: extraneous or missing \" in quoted-field in \"\\\"a\"")]
    [InlineData("\"a\"b", "failed to parse csv mounts: extraneous or missing \" in quoted-field in \"\\\"a\\\"b\"")]
    public void WhatIsWrongIsSaid(string text, string reason) => Assert.Equal(reason, Assert.Throws<DockerfileException>(() => Parse(text)).Reason);

    private static RunMount Parse(string text) => RunMountParser.Parse(text, value => value);
}
