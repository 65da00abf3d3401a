using Berth.Testing.Clients;

namespace Berth.Conformance.Tests;

/// <summary>The stock clients that each test runs with.</summary>
public static class Clients
{
    public static readonly TheoryData<string> Both = ["28", "20.10"];

    /// <summary>With our own.</summary>
    public static readonly TheoryData<string> All = ["28", "20.10", "berth"];

    /// <summary>The client of a version; the test is skipped, by name, where the machine has none.</summary>
    public static DockerClient Of(string version)
    {
        DockerClient? client = version switch { "28" => DockerClient.V28, "berth" => DockerClient.Berth, _ => DockerClient.V20 };
        Assert.SkipWhen(client is null, $"docker {version} is not installed");
        return client!;
    }
}
