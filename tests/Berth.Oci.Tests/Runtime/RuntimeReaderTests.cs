using System.Text;
using System.Text.Json;

using Berth.Oci.Runtime;

namespace Berth.Oci.Tests.Runtime;

/// <summary>The hand-written reader against the serializer.</summary>
public sealed class RuntimeReaderTests
{
    [Fact]
    public void EveryMemberOfASpecIsRead()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(FilledRecord.Of<RuntimeSpec>(), RuntimeJson.Default.RuntimeSpec);
        Assert.Equal(Encoding.UTF8.GetString(json), JsonSerializer.Serialize(RuntimeReader.Spec(json), RuntimeJson.Default.RuntimeSpec));
    }

    [Fact]
    public void AProcessAndResourcesAreReadAlone()
    {
        byte[] process = JsonSerializer.SerializeToUtf8Bytes(FilledRecord.Of<Process>(), RuntimeJson.Default.Process);
        Assert.Equal(Encoding.UTF8.GetString(process), JsonSerializer.Serialize(RuntimeReader.Process(process), RuntimeJson.Default.Process));
        byte[] resources = JsonSerializer.SerializeToUtf8Bytes(FilledRecord.Of<Resources>(), RuntimeJson.Default.Resources);
        Assert.Equal(Encoding.UTF8.GetString(resources), JsonSerializer.Serialize(RuntimeReader.Resources(resources), RuntimeJson.Default.Resources));
    }

    [Fact]
    public void UnknownMembersAreSkippedAndNullIsAbsence()
    {
        RuntimeSpec spec = RuntimeReader.Spec("""
            { "future": { "a": [1, {"hostname": "no"}] }, "hostname": "yes", "process": null, "root": { "path": "r", "readonly": null, "x": 1 }, "mounts": [] }
            """u8);
        Assert.Equal("yes", spec.Hostname);
        Assert.Null(spec.Process);
        Assert.Equal(new Root { Path = "r" }, spec.Root);
        Assert.Empty(spec.Mounts!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"hostname\": 1}")]
    [InlineData("{\"process\": []}")]
    [InlineData("{\"process\": {\"args\": [1]}}")]
    [InlineData("{\"process\": {\"user\": {\"uid\": -1}}}")]
    [InlineData("{\"process\": {\"user\": {\"uid\": 4294967296}}}")]
    [InlineData("{\"process\": {\"terminal\": \"yes\"}}")]
    [InlineData("{\"mounts\": [null]}")]
    [InlineData("{\"linux\": {\"sysctl\": {\"a\": null}}}")]
    public void MalformedTextIsRefused(string text) =>
        Assert.ThrowsAny<JsonException>(() => RuntimeReader.Spec(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void EveryPrefixIsRefused()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(FilledRecord.Of<Process>(), RuntimeJson.Default.Process);
        for (int length = 0; length < json.Length; length++)
        {
            Assert.ThrowsAny<JsonException>(() => RuntimeReader.Process(json.AsSpan(0, length)));
        }
    }
}
