using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Berth.Api;
using Berth.Daemon.Requests;
using Berth.Storage;
using Berth.Testing;

namespace Berth.Daemon.Tests.Requests;

/// <summary>The known-field rule: what is not honoured and asks for something is refused by name, what clients send unasked passes.</summary>
public sealed class CreateFieldsTests
{
    public static readonly TheoryData<string> Captures = ["run-28.2.json", "run-20.10.json", "run-it-28.2.json", "run-it-20.10.json"];

    [Theory]
    [MemberData(nameof(Captures))]
    public void WhatClientsSendForABareRunPasses(string capture) => Check(Resource.Text(capture));

    [Theory]
    [MemberData(nameof(Captures))]
    public void EveryFieldThatClientsSendIsKnown(string capture)
    {
        JsonNode request = JsonNode.Parse(Resource.Text(capture))!;
        Assert.Empty(Names(request).Except(CreateFields.Rules.Names));
        Assert.Empty(Names(request["HostConfig"]!).Except(CreateFields.HostConfig.Names));
    }

    [Fact]
    public void EveryWireFieldHasARule()
    {
        Assert.Empty(Properties<ContainerCreateRequest>().Except(CreateFields.Rules.Names));
        Assert.Empty(Properties<HostConfig>().Except(CreateFields.HostConfig.Names));
        Assert.Empty(Properties<EndpointSettings>().Except(CreateFields.Endpoint.Names));
        Assert.Empty(Properties<Mount>().Except(MountFields.Mount.Names));
        Assert.Empty(Properties<MountBindOptions>().Except(MountFields.Bind.Names));
        Assert.Empty(Properties<MountVolumeOptions>().Except(MountFields.Volume.Names));
        Assert.Empty(Properties<MountTmpfsOptions>().Except(MountFields.Tmpfs.Names));
        Assert.Empty(Properties<ExecCreateRequest>().Except(ExecFields.Create.Names));
        Assert.Empty(Properties<ExecStartRequest>().Except(ExecFields.Start.Names));
        Assert.Empty(Properties<VolumeCreateRequest>().Except(VolumeFields.Create.Names));
    }

    [Fact]
    public void EveryFieldOfTheDescriptionHasARule()
    {
        var rules = new Dictionary<string, FieldRules>
        {
            ["ContainerConfig"] = CreateFields.Rules,
            ["HostConfig"] = CreateFields.HostConfig,
            ["Mount"] = MountFields.Mount,
            ["EndpointSettings"] = CreateFields.Endpoint,
        };
        Assert.DoesNotContain(Resource.Lines("fields.txt"), line => !rules[line.Split(' ')[0]].Names.Contains(line.Split(' ')[1]));
    }

    /// <summary>A field called honoured must be read somewhere: the engine's source names it.</summary>
    [Fact]
    public void HonouredFieldsAreReadByTheEngine()
    {
        string engine = string.Concat(Directory.EnumerateFiles(Path.Join(Programs.Checkout, "src", "Berth.Engine"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

        // Kept and shown as they were sent, nothing more, as Docker does on Linux.
        string[] kept = ["ContainerIDFile", "ConsoleSize"];
        IEnumerable<string> honoured = CreateFields.HostConfig.Names.Where(name => ReferenceEquals(CreateFields.HostConfig[name], FieldRule.Honoured)).Except(kept);
        Assert.DoesNotContain(honoured, name => !engine.Contains("." + name, StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Refusals()
    {
        var data = new TheoryData<string, string>();
        foreach (string name in CreateFields.HostConfig.Names.Where(static n => ReferenceEquals(CreateFields.HostConfig[n], FieldRule.Refused)))
        {
            data.Add($"HostConfig.{name}", Sample(typeof(HostConfig).GetProperty(name)?.PropertyType));
        }

        foreach (string name in CreateFields.Rules.Names.Where(static n => ReferenceEquals(CreateFields.Rules[n], FieldRule.Refused)))
        {
            data.Add(name, Sample(typeof(ContainerCreateRequest).GetProperty(name)?.PropertyType));
        }

        data.Add("HostConfig.Mounts[0].ImageOptions.Subpath", "\"x\"");
        data.Add("HostConfig.UsernsMode", "\"private\"");
        data.Add("HostConfig.Isolation", "\"hyperv\"");
        data.Add("Healthcheck.Test", "[\"CMD\",\"true\"]");
        data.Add("HostConfig.Capabilities", "[\"CAP_CHOWN\"]");
        return data;
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void WhatIsNotHonouredIsRefusedByNameAndValue(string path, string value)
    {
        EngineException refused = Assert.Throws<EngineException>(() => Check(Nest(path, value)));
        Assert.Equal(EngineErrorKind.NotImplemented, refused.Kind);
        Assert.Equal($"berth: {path} = {value} is not supported yet; leave it out", refused.Message);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void TheirZeroValuesPass(string path, string value)
    {
        string zero = value[0] switch { '"' => "\"\"", '[' => "[]", '{' => "{}", 't' => "false", _ => "0" };
        Check(Nest(path, zero));
        Check(Nest(path, "null").Replace("[null]", "[]", StringComparison.Ordinal));
    }

    [Fact]
    public void UnknownKeysAreIgnored() => Check("""{"Image":"a","Xyz":{"a":[1]},"HostConfig":{"Frobnicate":true},"NetworkingConfig":{"Other":1}}""");

    [Fact]
    public void NamesAreMatchedInAnyCase() => Assert.Throws<EngineException>(() => Check("""{"hostconfig":{"storageopt":{"size":"1G"}}}"""));

    [Theory]
    [InlineData("""{"Env":["A=b",null]}""")]
    [InlineData("""{"HostConfig":{"Mounts":[null]}}""")]
    [InlineData("""{"HostConfig":{"PortBindings":{"80/tcp":[null]}}}""")]
    public void ANullInAListIsRefused(string json) => Assert.Equal(EngineErrorKind.Invalid, Assert.Throws<EngineException>(() => Check(json)).Kind);

    [Fact]
    public void LongValuesAreCut()
    {
        string message = Assert.Throws<EngineException>(() => Check(Nest("HostConfig.Cgroup", $"\"{new string('a', 5000)}\""))).Message;
        Assert.InRange(message.Length, 200, 300);
    }

    private static void Check(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        CreateFields.Rules.Check(document.RootElement);
    }

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(static p => p.Key);

    private static IEnumerable<string> Properties<T>() => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(static p => p.Name);

    // "A.B[0].C" and a value become {"A":{"B":[{"C":value}]}}.
    private static string Nest(string path, string value) => path.Split('.').Reverse().Aggregate(value, static (inner, name) =>
        name.EndsWith("[0]", StringComparison.Ordinal) ? $$"""{"{{name[..^3]}}":[{{inner}}]}""" : $$"""{"{{name}}":{{inner}}}""");

    private static string Sample(Type? type)
    {
        if (type is null || type == typeof(string))
        {
            return "\"x\"";
        }

        if (type == typeof(bool?))
        {
            return "true";
        }

        return type == typeof(long?) ? "7" : type.IsGenericType && type.Name.StartsWith("IReadOnlyDictionary", StringComparison.Ordinal) ? """{"a":"b"}""" : """["a"]""";
    }
}
