namespace Berth.Build.Dockerfile;

/// <summary>A here-document: "FD&lt;&lt;[-]NAME" and the lines up to NAME.</summary>
/// <param name="Name">The word that ends it, without quotes.</param>
/// <param name="FileDescriptor">The number before the arrows, 0 without one.</param>
/// <param name="Expand">No part of the word was quoted: variables in the content are replaced (COPY and ADD; a RUN's shell does it itself).</param>
/// <param name="StripTabs">&lt;&lt;- : leading tabs of each line do not count.</param>
/// <param name="Content">As it stands in the file, with tabs and line ends.</param>
public sealed record Heredoc(string Name, uint FileDescriptor, bool Expand, bool StripTabs, string Content)
{
    /// <summary>The content as a reader gets it: without leading tabs after &lt;&lt;-.</summary>
    public string Text => StripTabs ? string.Join('\n', Content.Split('\n').Select(line => line.TrimStart('\t'))) : Content;
}
