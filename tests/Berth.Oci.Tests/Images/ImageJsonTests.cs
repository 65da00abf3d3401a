using System.Text.Json;

using Berth.Oci.Images;

namespace Berth.Oci.Tests.Images;

public sealed class ImageJsonTests
{
    [Fact]
    public void AConfigOfDockerIsReadWithItsOwnFields()
    {
        Image image = JsonSerializer.Deserialize(
            """
            {"architecture":"amd64","os":"linux","os.version":"1","variant":"v2","created":"2024-05-01T10:20:30.123456789Z","docker_version":"20.10.24",
             "config":{"Cmd":"one string","Entrypoint":["a","b"],"Env":null,"ExposedPorts":{"80/tcp":{}},"Volumes":{"/v":{}},"OnBuild":["RUN x"],
              "Healthcheck":{"Test":["CMD-SHELL","true"],"Interval":30000000000,"Retries":3},"Shell":["/bin/bash","-c"],"StopSignal":"SIGINT","ArgsEscaped":true,"Unknown":1},
             "rootfs":{"type":"layers","diff_ids":["sha256:x"]},"history":[{"created_by":"x","empty_layer":true}]}
            """,
            ImageJson.Default.Image)!;
        Assert.Equal(["one string"], image.Config!.Cmd);
        Assert.Equal(["80/tcp"], image.Config.ExposedPorts!.Keys);
        Assert.Equal(30000000000, image.Config.Healthcheck!.Interval);
        Assert.Equal(("1", "v2", "20.10.24"), (image.OsVersion, image.Variant, image.DockerVersion));
        Assert.True(image.History![0].EmptyLayer);
        Assert.Equal(1234567, image.Created!.Value.Ticks % 10_000_000);
    }

    [Fact]
    public void WhatIsNotSetIsNotWritten() =>
        Assert.Equal(
            """{"architecture":"amd64","os":"linux","config":{"ExposedPorts":{"80/tcp":{}},"Cmd":["sh"]}}""",
            JsonSerializer.Serialize(
                new Image
                {
                    Architecture = "amd64", Os = "linux",
                    Config = new ImageConfig { Cmd = ["sh"], ExposedPorts = new Dictionary<string, EmptyObject> { ["80/tcp"] = new() } },
                },
                ImageJson.Default.Image));
}
