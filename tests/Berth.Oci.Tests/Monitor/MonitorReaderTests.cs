using System.Text;
using System.Text.Json;

using Berth.Oci.Monitor;
using Berth.Oci.Tests.Runtime;

namespace Berth.Oci.Tests.Monitor;

/// <summary>The hand-written reader and writer against the serializer.</summary>
public sealed class MonitorReaderTests
{
    [Fact]
    public void EveryMemberOfARequestIsRead()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(FilledRecord.Of<MonitorRequest>(), MonitorJson.Default.MonitorRequest);
        Assert.Equal(Encoding.UTF8.GetString(json), JsonSerializer.Serialize(MonitorReader.Request(json), MonitorJson.Default.MonitorRequest));
    }

    [Fact]
    public void EveryMemberOfACallIsRead()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(FilledRecord.Of<MonitorCall>(), MonitorJson.Default.MonitorCall);
        Assert.Equal(Encoding.UTF8.GetString(json), JsonSerializer.Serialize(MonitorReader.Call(json), MonitorJson.Default.MonitorCall));
    }

    [Fact]
    public void WhatIsLeftOutHasTheRecordsDefaults()
    {
        const string Least = """{"id":"i","socket":"s","statePath":"t","exitPath":"e","execFolder":"x"}""";
        MonitorRequest request = MonitorReader.Request(Encoding.UTF8.GetBytes(Least));
        Assert.True(request.Durable);
        Assert.Equal(1, request.LogMaxFiles);
        Assert.Empty(request.Attachments);
    }

    [Fact]
    public void ARequiredMemberMustBeThere()
    {
        Assert.ThrowsAny<JsonException>(() => MonitorReader.Request("{\"id\":\"i\"}"u8));
        Assert.ThrowsAny<JsonException>(() => MonitorReader.Call("{\"exec\":{\"id\":\"i\"}}"u8));
        Assert.ThrowsAny<JsonException>(() => MonitorReader.Call("""{"ports":{"add":[{"protocol":"tcp"}]}}"""u8));
        Assert.ThrowsAny<JsonException>(() => MonitorReader.Call("""{"ports":{"remove":[{"hostAddress":"::"}]}}"""u8));
    }

    [Theory]
    [InlineData("hold", MonitorPortMode.Hold)]
    [InlineData("proxy", MonitorPortMode.Proxy)]
    [InlineData("transparent", MonitorPortMode.Transparent)]
    public void ModesHaveNames(string name, MonitorPortMode mode)
    {
        var call = new MonitorCall { Ports = new MonitorPorts { Add = [new MonitorPort { Protocol = "tcp", HostAddress = "::", Mode = mode }] } };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(call, MonitorJson.Default.MonitorCall);
        Assert.Contains($"\"mode\":\"{name}\"", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
        Assert.Equal(mode, MonitorReader.Call(json).Ports!.Add[0].Mode);
    }

    [Fact]
    public void AnUnknownModeIsRefused()
    {
        JsonException e = Assert.ThrowsAny<JsonException>(() => MonitorReader.Call("""{"ports":{"add":[{"protocol":"tcp","hostAddress":"::","mode":"guess"}]}}"""u8));
        Assert.Contains("\"guess\"", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSerializerReadsWhatIsWritten()
    {
        Check(FilledRecord.Of<MonitorState>(), MonitorWriter.Bytes(FilledRecord.Of<MonitorState>()), MonitorJson.Default.MonitorState);
        Check(FilledRecord.Of<ContainerExit>(), MonitorWriter.Bytes(FilledRecord.Of<ContainerExit>()), MonitorJson.Default.ContainerExit);
        Check(FilledRecord.Of<ExecExit>(), MonitorWriter.Bytes(FilledRecord.Of<ExecExit>()), MonitorJson.Default.ExecExit);
        Check(FilledRecord.Of<MonitorEvent>(), MonitorWriter.Bytes(FilledRecord.Of<MonitorEvent>()), MonitorJson.Default.MonitorEvent);
        Check(FilledRecord.Of<MonitorReply>(), MonitorWriter.Bytes(FilledRecord.Of<MonitorReply>()), MonitorJson.Default.MonitorReply);
        Check(new MonitorReply(), MonitorWriter.Bytes(new MonitorReply()), MonitorJson.Default.MonitorReply);
    }

    private static void Check<T>(T value, byte[] written, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        Assert.Equal(JsonSerializer.Serialize(value, type), JsonSerializer.Serialize(JsonSerializer.Deserialize(written, type)!, type));
}
