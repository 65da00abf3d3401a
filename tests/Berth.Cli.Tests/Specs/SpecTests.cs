using Berth.Cli.CommandLine;
using Berth.Cli.Specs;

using CsCheck;

namespace Berth.Cli.Tests.Specs;

/// <summary>Docker's small languages. The texts are those of Docker's client 28.2.</summary>
public sealed class SpecTests
{
    [Theory]
    [InlineData("80", "80/tcp,,")]
    [InlineData("80/udp", "80/udp,,")]
    [InlineData("80/UDP", "80/udp,,")]
    [InlineData("80/", "80/tcp,,")]
    [InlineData("8080:80", "80/tcp,,8080")]
    [InlineData(":80", "80/tcp,,")]
    [InlineData("1.2.3.4:8080:80/sctp", "80/sctp,1.2.3.4,8080")]
    [InlineData("1.2.3.4::80", "80/tcp,1.2.3.4,")]
    [InlineData("[::1]:8080:80", "80/tcp,::1,8080")]
    [InlineData("::1:8080:80", "80/tcp,::1,8080")]
    [InlineData("80-82", "80/tcp,, 81/tcp,, 82/tcp,,")]
    [InlineData("8080-8082:80-82", "80/tcp,,8080 81/tcp,,8081 82/tcp,,8082")]
    [InlineData("8080-8090:80", "80/tcp,,8080-8090")]
    [InlineData("80-80", "80/tcp,,")]
    [InlineData("target=80,published=8080", "80/tcp,,8080")]
    [InlineData("target=80,protocol=udp", "80/udp,,")]
    public void Ports(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', PortSpec.Parse(text).Select(p => $"{p.Port},{p.HostIP},{p.HostPort}")));

    [Theory]
    [InlineData("", "no port specified: <empty>")]
    [InlineData(":", "no port specified: :<empty>")]
    [InlineData("80/x", "invalid proto: x")]
    [InlineData("1:2:3:4", "invalid IP address: 1:2")]
    [InlineData("1.2.3:1:1", "invalid IP address: 1.2.3")]
    [InlineData("x", "invalid containerPort: x")]
    [InlineData("70000", "invalid containerPort: 70000")]
    [InlineData("99999:1", "invalid hostPort: 99999")]
    [InlineData("82-80", "invalid containerPort: 82-80")]
    [InlineData("1-3:80-81", "invalid ranges specified for container and host Ports: 80-81 and 1-3")]
    [InlineData("a=b,c", "invalid publish opts format (should be name=value but got 'c')")]
    public void MalformedPorts(string text, string message) => Refused(message, () => PortSpec.Parse(text));

    [Fact]
    public void APortSpecNamesAsManyPortsAsItsRange() => Gen.Select(Gen.Int[1, 60000], Gen.Int[0, 50], Gen.Int[1, 60000]).Sample((first, more, host) =>
        PortSpec.Parse($"{host}-{host + more}:{first}-{first + more}").Select((p, i) => p.Port == $"{first + i}/tcp" && (more == 0 || p.HostPort == $"{host + i}")).All(good => good));

    [Theory]
    [InlineData("", "value is empty")]
    [InlineData("x", "invalid field 'x' must be a key=value pair")]
    [InlineData("type=bind", "target is required")]
    [InlineData("type=bind,src=/a,dst=/b,foo=1", "unknown option 'foo' in 'foo=1'")]
    [InlineData("type=bind,src=,dst=/b", "invalid value for 'src': value is empty")]
    [InlineData("type=bind, src=/a,dst=/b", "invalid option 'src' in ' src=/a': option should not have whitespace")]
    [InlineData("type=bind,src=/a ,dst=/b", "invalid value for 'src' in 'src=/a ': value should not have whitespace")]
    [InlineData("type=bind,src=/a,dst=/b,readonly=maybe", "invalid value for 'readonly': invalid boolean value (\"maybe\"): must be one of \"true\", \"1\", \"false\", or \"0\" (default \"true\")")]
    [InlineData("type=volume,dst=/b,bind-propagation=slave", "cannot mix 'bind-*' options with mount type 'volume'")]
    [InlineData("type=bind,src=/a,dst=/b,volume-nocopy", "cannot mix 'volume-*' options with mount type 'bind'")]
    [InlineData("type=bind,src=/a,dst=/b,tmpfs-size=1m", "cannot mix 'tmpfs-*' options with mount type 'bind'")]
    [InlineData("type=tmpfs,dst=/b,tmpfs-size=x", "invalid value for tmpfs-size: x")]
    [InlineData("type=tmpfs,dst=/b,tmpfs-mode=9", "invalid value for tmpfs-mode: 9")]
    [InlineData("type=bind,src=/a,dst=/b,bind-recursive=x", "invalid value for bind-recursive: x (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")")]
    [InlineData("type=bind,src=/a,dst=/b,bind-recursive=writable", "option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction")]
    [InlineData("type=bind,src=/a,dst=/b,readonly,bind-recursive=readonly", "option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction")]
    public void MalformedMounts(string text, string message) => Refused(message, () => MountSpec.Parse(text));

    [Theory]
    [InlineData("/a", true, "/a")]
    [InlineData("x", true, "x")]
    [InlineData("/a:/b", false, "/a:/b")]
    [InlineData("v:/b:ro", false, "v:/b:ro")]
    public void Volumes(string text, bool anonymous, string sent) => Assert.Equal(new VolumeSpec(anonymous, sent), VolumeSpec.Parse(text));

    [Fact]
    public void RelativeFoldersAreMadeAbsolute() => Assert.Equal($"{Path.GetFullPath("./a")}:/b:ro", VolumeSpec.Parse("./a:/b:ro").Text);

    [Theory]
    [InlineData("", "invalid empty volume spec")]
    [InlineData("/a::/b", "invalid spec: /a::/b: empty section between colons")]
    [InlineData("/a:/b:", "invalid spec: /a:/b:: empty section between colons")]
    [InlineData("a:b:c:d", "invalid spec: a:b:c:d: too many colons")]
    public void MalformedVolumes(string text, string message) => Refused(message, () => VolumeSpec.Parse(text));

    [Theory]
    [InlineData("/dev/a", "/dev/a /dev/a rwm")]
    [InlineData("/dev/a:r", "/dev/a /dev/a r")]
    [InlineData("/dev/a:/dev/b", "/dev/a /dev/b rwm")]
    [InlineData("/dev/a:/dev/b:rm", "/dev/a /dev/b rm")]
    public void Devices(string text, string expected)
    {
        DeviceSpec device = DeviceSpec.Parse(text);
        Assert.Equal(expected, $"{device.PathOnHost} {device.PathInContainer} {device.Permissions}");
    }

    [Theory]
    [InlineData("a:b:c:d", "bad format for path: a:b:c:d")]
    [InlineData(":/dev/b", "bad format for path: :/dev/b")]
    [InlineData("/dev/a:/dev/b:x", "bad mode specified: x")]
    [InlineData("/dev/a:b", "b is not an absolute path")]
    public void MalformedDevices(string text, string message) => Refused(message, () => DeviceSpec.Parse(text));

    [Theory]
    [InlineData("1.5", 1_500_000_000)]
    [InlineData("0.001", 1_000_000)]
    [InlineData("3/2", 1_500_000_000)]
    [InlineData("2", 2_000_000_000)]
    public void Processors(string text, long nano) => Assert.Equal(nano, LimitSpecs.Cpus(text));

    [Theory]
    [InlineData("x", "failed to parse x as a rational number")]
    [InlineData("0.0000000001", "value is too precise")]
    public void MalformedProcessors(string text, string message) => Refused(message, () => LimitSpecs.Cpus(text));

    [Theory]
    [InlineData("x", "bad format: x")]
    [InlineData("a:1", "bad format for device path: a:1")]
    [InlineData("/dev/a:5", "invalid weight for device: /dev/a:5")]
    [InlineData("/dev/a:x", "invalid weight for device: /dev/a:x")]
    public void MalformedWeights(string text, string message) => Refused(message, () => LimitSpecs.WeightDevice(text));

    [Theory]
    [InlineData("net", "net", true)]
    [InlineData("name=x,alias=y", "x", true)]
    public void Networks(string text, string target, bool userDefined)
    {
        NetworkSpec network = NetworkSpec.Parse(text);
        Assert.Equal((target, userDefined), (network.Target, network.IsUserDefined));
    }

    [Theory]
    [InlineData("alias=x", "network name/id is not specified")]
    [InlineData("name=x,foo=y", "invalid field key foo")]
    [InlineData("name=x,foo", "invalid field foo")]
    [InlineData("name=x,gw-priority=y", "invalid gw-priority (y): invalid syntax")]
    public void MalformedNetworks(string text, string message) => Refused(message, () => NetworkSpec.Parse(text));

    [Theory]
    [InlineData("a,b", "a b")]
    [InlineData("\"a,b\",c", "a,b c")]
    [InlineData("\"a\"\"b\"", "a\"b")]
    [InlineData("", "")]
    [InlineData("a,", "a ")]
    public void Csv(string line, string fields) => Assert.Equal(fields, string.Join(' ', CsvFields.Parse(line)));

    [Theory]
    [InlineData("a\"b", "parse error on line 1, column 2: bare \" in non-quoted-field")]
    [InlineData("\"a", "parse error on line 1, column 3: extraneous or missing \" in quoted-field")]
    public void MalformedCsv(string line, string message) => Refused(message, () => CsvFields.Parse(line));

    [Theory]
    [InlineData("a:1.2.3.4", "a:1.2.3.4", null)]
    [InlineData("a=::1", "a:::1", null)]
    [InlineData("a=[::1]", "a:::1", null)]
    [InlineData("a:host-gateway", "a:host-gateway", null)]
    [InlineData("a", null, "bad format for add-host: \"a\"")]
    [InlineData(":1.2.3.4", null, "bad format for add-host: \":1.2.3.4\"")]
    [InlineData("a:x", null, "invalid IP address in add-host: \"x\"")]
    public void ExtraHosts(string text, string? sent, string? error) => Checked(HostChecks.ExtraHost, text, sent, error);

    [Theory]
    [InlineData(" 1.1.1.1 ", "1.1.1.1", null)]
    [InlineData("0:0:0:0:0:0:0:1", "::1", null)]
    [InlineData("1.1.1.01", null, "IP address is not correctly formatted: 1.1.1.01")]
    [InlineData("1", null, "IP address is not correctly formatted: 1")]
    public void Addresses(string text, string? sent, string? error) => Checked(HostChecks.Address, text, sent, error);

    [Theory]
    [InlineData("example.com", "example.com", null)]
    [InlineData("example.com.", "example.com", null)]
    [InlineData(".", ".", null)]
    [InlineData("-a.b", null, "-a.b is not a valid domain")]
    [InlineData("1.2", null, "1.2 is not a valid domain")]
    public void SearchDomains(string text, string? sent, string? error) => Checked(HostChecks.SearchDomain, text, sent, error);

    [Theory]
    [InlineData("net.ipv4.ip_forward=1", "net.ipv4.ip_forward=1", null)]
    [InlineData("kernel.msgmax=1", "kernel.msgmax=1", null)]
    [InlineData("kernel.panic=1", null, "sysctl 'kernel.panic=1' is not allowed")]
    [InlineData("net.x", null, "sysctl 'net.x' is not allowed")]
    public void Sysctls(string text, string? sent, string? error) => Checked(HostChecks.Sysctl, text, sent, error);

    [Theory]
    [InlineData("c 1:3 rwm", "c 1:3 rwm", null)]
    [InlineData("a *:* m", "a *:* m", null)]
    [InlineData("x 1:3 r", null, "invalid device cgroup format 'x 1:3 r'")]
    [InlineData("c 1 r", null, "invalid device cgroup format 'c 1 r'")]
    public void DeviceRules(string text, string? sent, string? error) => Checked(HostChecks.DeviceRule, text, sent, error);

    [Theory]
    [InlineData("a=b", "a=b", null)]
    [InlineData("a", "a", null)]
    [InlineData("=b", null, "invalid label '=b': empty name")]
    [InlineData("a b=c", null, "label 'a b' contains whitespaces")]
    public void Labels(string text, string? sent, string? error) => Checked(KeyValue.CheckLabel, text, sent, error);

    [Fact]
    public void FilesOfPairs()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "\uFEFFA=1\r\n# comment\n\n  B= x y \nKNOWN\nUNKNOWN\n");
            Assert.Equal(["A=1", "B= x y ", "KNOWN=v"], KeyValue.ReadFile(file, name => name == "KNOWN" ? "v" : null));
            File.WriteAllText(file, "a b=c\n");
            Refused($"invalid env file ({file}): variable 'a b' contains whitespaces", () => KeyValue.ReadFile(file, null));
            File.WriteAllText(file, "=c\n");
            Refused($"invalid env file ({file}): no variable name on line '=c'", () => KeyValue.ReadFile(file, null));
        }
        finally
        {
            File.Delete(file);
        }

        Refused("open /nonexistent: no such file or directory", () => KeyValue.ReadFile("/nonexistent", null));
    }

    private static void Refused(string message, Action act) => Assert.Equal(message, Assert.Throws<SpecException>(act).Message);

    private static void Checked(FlagCheck check, string text, string? sent, string? error)
    {
        string value = text;
        Assert.Equal(error, check(ref value));
        if (sent is not null)
        {
            Assert.Equal(sent, value);
        }
    }
}
