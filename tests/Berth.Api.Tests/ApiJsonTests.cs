using System.Text.Json;

namespace Berth.Api.Tests;

public sealed class ApiJsonTests
{
    [Fact]
    public void WhatIsNotSetIsItsZeroValue() => Assert.Equal(
        """{"Status":"","Running":false,"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":0,"ExitCode":0,"Error":"","StartedAt":"","FinishedAt":""}""",
        JsonSerializer.Serialize(new ContainerState(), ApiJson.Wire.ContainerState));

    [Fact]
    public void ListsAndMapsAreNull()
    {
        string json = JsonSerializer.Serialize(new ContainerConfig(), ApiJson.Wire.ContainerConfig);
        Assert.Contains("\"Env\":null,\"Cmd\":null", json, StringComparison.Ordinal);
        Assert.Contains("\"Labels\":null", json, StringComparison.Ordinal);
        Assert.DoesNotContain("ExposedPorts", json, StringComparison.Ordinal);
        Assert.DoesNotContain("StopSignal", json, StringComparison.Ordinal);
    }

    [Fact]
    public void PointersAreNull()
    {
        string json = JsonSerializer.Serialize(new HostConfig(), ApiJson.Wire.HostConfig);
        Assert.Contains("\"MemorySwappiness\":null", json, StringComparison.Ordinal);
        Assert.Contains("\"PidsLimit\":null", json, StringComparison.Ordinal);
        Assert.Contains("\"Memory\":0", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Init\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void CharactersStayAsTheyAre() => Assert.Equal(
        """{"message":"a+b 'c' <ü> \"q\""}""", JsonSerializer.Serialize(new ErrorResponse { Message = "a+b 'c' <ü> \"q\"" }, ApiJson.Wire.ErrorResponse));

    [Fact]
    public void ACommandMayBeOneString()
    {
        ContainerCreateRequest request = JsonSerializer.Deserialize("""{"Cmd":"echo","Entrypoint":["a","b"]}""", ApiJson.Default.ContainerCreateRequest)!;
        Assert.Equal(["echo"], request.Cmd);
        Assert.Equal(["a", "b"], request.Entrypoint);
    }

    [Fact]
    public void NullIsNotSet()
    {
        ContainerCreateRequest request = JsonSerializer.Deserialize("""{"Tty":null,"StopTimeout":null,"Env":null,"Hostname":null}""", ApiJson.Default.ContainerCreateRequest)!;
        Assert.Null(request.Tty);
        Assert.Null(request.StopTimeout);
        Assert.Null(request.Env);
        Assert.Equal("", request.Hostname);
    }

    [Fact]
    public void NamesAreReadInAnyCase() =>
        Assert.Equal("a", JsonSerializer.Deserialize("""{"image":"a"}""", ApiJson.Default.ContainerCreateRequest)!.Image);

    [Theory]
    [InlineData("""{"Image":1}""")]
    [InlineData("""{"Tty":"true"}""")]
    [InlineData("""{"StopTimeout":"1"}""")]
    [InlineData("""{"StopTimeout":1.5}""")]
    [InlineData("""{"StopTimeout":99999999999999999999}""")]
    [InlineData("""{"Env":"A=b"}""")]
    [InlineData("""{"Env":[1]}""")]
    [InlineData("""{"Cmd":[["a"]]}""")]
    [InlineData("""{"Labels":{"a":1}}""")]
    public void OtherTypesAreRefused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ApiJson.Default.ContainerCreateRequest));

    [Fact]
    public void AStreamMessageHoldsOnlyWhatIsSet() =>
        Assert.Equal("""{"stream":"x"}""", JsonSerializer.Serialize(new StreamMessage { Stream = "x" }, ApiJson.Wire.StreamMessage));
}
