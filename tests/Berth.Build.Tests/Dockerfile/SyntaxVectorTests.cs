using Berth.Build.Dockerfile;

namespace Berth.Build.Tests.Dockerfile;

public sealed class SyntaxVectorTests
{
    public static TheoryData<string> Names => [.. Vectors.Names(".Dockerfile")];

    [Fact]
    public void TheVectorsAreThere() => Assert.Equal(33, Names.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void FilesReadAsInBuildKit(string name)
    {
        DockerfileSyntax syntax = SyntaxReader.Read(SourceFile.FromText("Dockerfile", Vectors.Text(name + ".Dockerfile")));
        Assert.Equal(Vectors.Text(name + ".result"), SyntaxDump.Of(syntax));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsPrintedReadsTheSame(string name)
    {
        DockerfileSyntax syntax = SyntaxReader.Read(SourceFile.FromText("Dockerfile", Vectors.Text(name + ".Dockerfile")));
        DockerfileSyntax again = SyntaxReader.Read(SourceFile.FromText("Dockerfile", syntax.Print()));
        Assert.Equal(SyntaxDump.Of(syntax), SyntaxDump.Of(again));
        Assert.Equal(syntax.Print(), again.Print());
    }
}
