using Berth.Daemon.Http;
using Berth.Daemon.Routing;
using CsCheck;

namespace Berth.Daemon.Tests.Routing;

public sealed class RouterTests
{
    private static readonly Router Router = new(RouteTable.Routes);

    public static TheoryData<string, string, string> Operations()
    {
        var data = new TheoryData<string, string, string>();
        foreach (string[] fields in Resource.Lines("operations.txt").Select(static l => l.Split(' ')))
        {
            data.Add(fields[0], fields[1], fields[2]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void EveryOperationOfTheDescriptionIsRouted(string method, string template, string operation)
    {
        string path = template.Replace("{id}", "0123abc", StringComparison.Ordinal).Replace("{name}", "some", StringComparison.Ordinal);
        Route route = Router.Find(method, path, out string parameter) ?? throw new InvalidOperationException("no route");
        Assert.Equal(operation, route.Operation);
        Assert.Equal(template, route.Template);
        Assert.Equal(template.Contains("{id}", StringComparison.Ordinal) ? "0123abc" : template.Contains('{', StringComparison.Ordinal) ? "some" : "", parameter);
    }

    [Fact]
    public void NoOtherOperationIsRouted() => Assert.Equal(Resource.Lines("operations.txt").Length, RouteTable.Routes.Length);

    [Theory]
    [MemberData(nameof(Operations))]
    public void WhatIsNotBuiltNamesItself(string method, string template, string operation)
    {
        Route route = RouteTable.Routes.Single(r => r.Operation == operation);
        if (route.Handler is null)
        {
            Assert.Equal($"berth: {operation} ({method} {template}) is not supported yet", ApiApplication.Unsupported(route));
        }
    }

    [Theory]
    [InlineData("GET", "/images/library/busybox/json", "ImageInspect", "library/busybox")]
    [InlineData("GET", "/images/localhost:5000/a/b:1/json", "ImageInspect", "localhost:5000/a/b:1")]
    [InlineData("GET", "/images/json/json", "ImageInspect", "json")]
    [InlineData("GET", "/images/json", "ImageList", "")]
    [InlineData("DELETE", "/images/a/b@sha256:12", "ImageDelete", "a/b@sha256:12")]
    [InlineData("POST", "/images/a/b/tag", "ImageTag", "a/b")]
    [InlineData("GET", "/containers/json/json", "ContainerInspect", "json")]
    [InlineData("GET", "/containers/a/attach/ws", "ContainerAttachWebsocket", "a")]
    [InlineData("DELETE", "/containers/web/db", "ContainerDelete", "web/db")]
    [InlineData("GET", "/containers/web/db/json", "ContainerInspect", "web/db")]
    [InlineData("DELETE", "/volumes/prune", "VolumeDelete", "prune")]
    public void NamesMayHoldSlashesAndWords(string method, string path, string operation, string parameter)
    {
        Assert.Equal(operation, Router.Find(method, path, out string found)?.Operation);
        Assert.Equal(parameter, found);
    }

    [Theory]
    [InlineData("GET", "/nope")]
    [InlineData("GET", "/")]
    [InlineData("GET", "")]
    [InlineData("DELETE", "/info")]
    [InlineData("GET", "/containers")]
    [InlineData("GET", "/containers//json")]
    [InlineData("GET", "/exec/a/b/json")]
    [InlineData("GET", "/volumes/a/b")]
    [InlineData("GET", "/info/")]
    [InlineData("PATCH", "/containers/a/json")]
    public void WhatIsNoRouteIsNotFound(string method, string path) => Assert.Null(Router.Find(method, path, out _));

    [Fact]
    public void OurOwnOperationsDoNotHideDockers()
    {
        var all = new Router([.. RouteTable.Routes, .. RouteTable.Own]);
        Assert.All(RouteTable.Own, r => Assert.StartsWith("/berth/", r.Template, StringComparison.Ordinal));
        Assert.Equal("NetworkCheck", all.Find("GET", "/berth/network-check", out _)?.Operation);
    }

    [Fact]
    public void NoPathBreaksIt() => Gen.Select(Gen.String[Gen.Char["/{}ab.:@vjsonimagecrt"], 0, 60], Gen.Int[0, 5]).Sample((path, method) =>
    {
        Route? route = Router.Find(new[] { "GET", "POST", "DELETE", "HEAD", "PUT", "" }[method], "/" + path, out string parameter);
        return route is null || route.Template.Replace("{id}", parameter, StringComparison.Ordinal).Replace("{name}", parameter, StringComparison.Ordinal) == "/" + path;
    });
}
