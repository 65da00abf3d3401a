using System.Text;

namespace Berth.Cli.Tests.Commands;

/// <summary>pull, login and logout, with the files and helpers that keep logins.</summary>
public sealed class RegistryCommandTests : IDisposable
{
    private const string Hub = "https://index.docker.io/v1/";
    private readonly string folder = Directory.CreateTempSubdirectory("berth-login-").FullName;
    private readonly FakeDaemon daemon = new();

    private string ConfigFile => Path.Join(folder, "config", "config.json");

    public void Dispose()
    {
        daemon.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("busybox", "fromImage=busybox&tag=latest", "Using default tag: latest\nabc: Pull complete\ndocker.io/library/busybox:latest\n")]
    [InlineData("h:5000/a/b:1", "fromImage=h:5000%2Fa%2Fb&tag=1", "abc: Pull complete\nh:5000/a/b:1\n")]
    [InlineData("-q busybox", "fromImage=busybox&tag=latest", "docker.io/library/busybox:latest\n")]
    [InlineData("-a busybox", "fromImage=busybox", "abc: Pull complete\ndocker.io/library/busybox\n")]
    [InlineData("--platform linux/arm64 busybox:1", "fromImage=busybox&tag=1&platform=linux%2Farm64", "abc: Pull complete\ndocker.io/library/busybox:1\n")]
    public void PullAsksForTheImage(string words, string query, string printed)
    {
        daemon.On("POST /images/create", "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":1,\"total\":2},\"id\":\"abc\"}\n{\"status\":\"Pull complete\",\"progressDetail\":{},\"id\":\"abc\"}\n");
        Assert.Equal(new ClientResult(0, printed, ""), Run(["pull", .. words.Split(' ')]));
        Assert.Equal($"POST /images/create?{query}", Assert.Single(daemon.Requests).Line);
        Assert.DoesNotContain("X-Registry-Auth", daemon.Requests.Single().Head, StringComparison.Ordinal);
    }

    [Fact]
    public void PullThatBreaksOffFails()
    {
        daemon.On("POST /images/create", "{\"status\":\"x\"}\n{\"errorDetail\":{\"message\":\"it broke\"},\"error\":\"it broke\"}\n");
        Assert.Equal(new ClientResult(1, "", "it broke\n"), Run("pull", "-q", "a:1"));
        Assert.Equal("tag can't be used with --all-tags/-a\n", Run("pull", "-a", "a:1").Error);
        Assert.StartsWith("invalid reference format", Run("pull", "A:::").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ALoginIsKeptSentAndForgotten()
    {
        daemon.On("POST /auth", """{"Status":"Login Succeeded","IdentityToken":""}""").On("POST /images/create", """{"status":"x"}""");
        Write("""{"other":[1,{"a":"<b>"}],"auths":{"z:1":{"auth":"eg=="}}}""");
        ClientResult login = Run("login", "-u", "eve", "-p", "pass:word", "https://h:5000/");
        Assert.Equal((0, "Login Succeeded\n"), (login.Code, login.Out));
        Assert.Contains("WARNING! Using --password via the CLI is insecure", login.Error, StringComparison.Ordinal);
        Assert.Contains($"stored unencrypted in '{ConfigFile}'", login.Error, StringComparison.Ordinal);
        Assert.Equal("""{"username":"eve","password":"pass:word","serveraddress":"h:5000"}""", daemon.Requests.Single().Text);
        Assert.Equal(
            "{\n\t\"other\": [\n\t\t1,\n\t\t{\n\t\t\t\"a\": \"<b>\"\n\t\t}\n\t],\n\t\"auths\": {\n\t\t\"z:1\": {\n\t\t\t\"auth\": \"eg==\"\n\t\t},\n\t\t\"h:5000\": {\n\t\t\t\"auth\": \"ZXZlOnBhc3M6d29yZA==\"\n\t\t}\n\t}\n}",
            File.ReadAllText(ConfigFile).TrimEnd('\n'));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ConfigFile));

        Run("pull", "h:5000/a");
        Assert.Equal("""{"username":"eve","password":"pass:word","serveraddress":"h:5000"}""", Header(daemon.Requests.Last()));
        Run("pull", "other:5000/a");
        Assert.Equal("", Header(daemon.Requests.Last()));

        Assert.Equal("Removing login credentials for h:5000\n", Run("logout", "h:5000").Out);
        Assert.Equal("Not logged in to h:5000\n", Run("logout", "h:5000").Out);
        Assert.Contains("\"z:1\"", File.ReadAllText(ConfigFile), StringComparison.Ordinal);
    }

    [Fact]
    public void AnIdentityTokenIsKeptInPlaceOfThePassword()
    {
        daemon.On("POST /auth", """{"Status":"Login Succeeded","IdentityToken":"lasting"}""").On("POST /images/create", """{"status":"x"}""");
        Assert.Equal("Login Succeeded\n", Run(["login", "-u", "eve", "--password-stdin"], "sesame\n").Out);
        Assert.DoesNotContain(Convert.ToBase64String("eve:sesame"u8), File.ReadAllText(ConfigFile), StringComparison.Ordinal);
        Run("pull", "busybox");
        Assert.Equal("""{"username":"eve","password":"","identitytoken":"lasting","serveraddress":"HUB"}""".Replace("HUB", Hub, StringComparison.Ordinal), Header(daemon.Requests.Last()));
    }

    [Theory]
    [InlineData("https://index.docker.io/v1/", "busybox")]
    [InlineData("docker.io", "busybox")]
    [InlineData("https://h.example/v1/", "h.example/x")]
    public void KeysOfOlderClientsAreUnderstood(string key, string image)
    {
        daemon.On("POST /images/create", """{"status":"x"}""");
        Write("""{"auths":{"KEY":{"auth":"ZXZlOnNlc2FtZQ=="}}}""".Replace("KEY", key, StringComparison.Ordinal));
        Run("pull", image);
        Assert.Contains("\"username\":\"eve\",\"password\":\"sesame\"", Header(daemon.Requests.Last()), StringComparison.Ordinal);
    }

    [Fact]
    public void ARefusedLoginIsNotKept()
    {
        daemon.On("POST /auth", """{"message":"login attempt to h failed"}""", 401);
        Assert.Equal((1, "Error response from daemon: login attempt to h failed\n"), (Run(["login", "-u", "eve", "--password-stdin", "h"], "no").Code, Run(["login", "-u", "eve", "--password-stdin", "h"], "no").Error));
        Assert.False(File.Exists(ConfigFile));
    }

    [Theory]
    [InlineData("login --password-stdin h", "Must provide --username with --password-stdin\n")]
    [InlineData("login -u eve h", "Error: Cannot perform an interactive login from a non TTY device\n")]
    [InlineData("login -u eve --password-stdin h", "password is empty\n")]
    public void LoginsNeedAPassword(string words, string error)
    {
        Assert.SkipWhen(Berth.Linux.Terminals.Terminal.Is(0), "standard input is a terminal");
        Assert.Equal(new ClientResult(1, "", error), Run(words.Split(' ')));
    }

    [Fact]
    public void AHelperKeepsWhatItIsFor()
    {
        Helper("secret", """case $1 in get) read s; [ -f "$0.kept" ] && cat "$0.kept" || { echo "credentials not found in native keychain"; exit 1; };; store) cat >"$0.kept";; erase) rm -f "$0.kept";; esac""");
        Write("""{"credHelpers":{"h:5000":"secret"}}""");
        daemon.On("POST /auth", """{"Status":"Login Succeeded"}""").On("POST /images/create", """{"status":"x"}""");
        ClientResult login = Run(["login", "-u", "eve", "--password-stdin", "h:5000"], "sesame");
        Assert.Equal(new ClientResult(0, "Login Succeeded\n", ""), login);
        Assert.Equal("""{"ServerURL":"h:5000","Username":"eve","Secret":"sesame"}""", File.ReadAllText(Path.Join(folder, "docker-credential-secret.kept")));
        Assert.DoesNotContain("auth\"", File.ReadAllText(ConfigFile), StringComparison.Ordinal);
        Run("pull", "h:5000/a");
        Assert.Contains("\"password\":\"sesame\"", Header(daemon.Requests.Last()), StringComparison.Ordinal);
        Assert.Equal("Removing login credentials for h:5000\n", Run("logout", "h:5000").Out);
        Run("pull", "h:5000/a");
        Assert.Equal("", Header(daemon.Requests.Last()));
    }

    [Fact]
    public void AHelperThatFailsIsNamed()
    {
        Write("""{"credsStore":"nosuch"}""");
        Assert.Equal("the credential helper docker-credential-nosuch is not in the PATH\n", Run("pull", "a:1").Error);
        Helper("nosuch", "echo broken; exit 3");
        Assert.Equal("error getting credentials - docker-credential-nosuch: broken\n", Run("pull", "a:1").Error);
        Write("{");
        Assert.StartsWith($"{ConfigFile} is no valid configuration: ", Run("pull", "a:1").Error, StringComparison.Ordinal);
    }

    private static string Header(FakeRequest request)
    {
        string? line = request.Head.Split("\r\n").FirstOrDefault(static h => h.StartsWith("X-Registry-Auth: ", StringComparison.Ordinal));
        return line is null ? "" : Encoding.UTF8.GetString(Convert.FromBase64String(line["X-Registry-Auth: ".Length..].Replace('-', '+').Replace('_', '/')));
    }

    private void Helper(string name, string script)
    {
        string path = Path.Join(folder, $"docker-credential-{name}");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigFile)!);
        File.WriteAllText(ConfigFile, text);
    }

    private ClientResult Run(params string[] words) => Run(words, "");

    private ClientResult Run(string[] words, string input) => Client.Run(
        "berth", daemon, words,
        name => name switch { "DOCKER_HOST" => daemon.Address, "DOCKER_CONFIG" => Path.GetDirectoryName(ConfigFile), "PATH" => $"{folder}:/usr/bin:/bin", _ => null },
        input);
}
