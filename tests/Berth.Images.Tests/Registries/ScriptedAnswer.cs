using System.Text;

namespace Berth.Images.Tests.Registries;

/// <summary>What the server sends back.</summary>
internal sealed record ScriptedAnswer(int Status, byte[] Body)
{
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Bytes of the body that are really sent, then the connection is closed; null: all.</summary>
    public int? CutAt { get; init; }

    /// <summary>Nothing more is sent after the head (and what <see cref="CutAt"/> lets through), but the connection stays open.</summary>
    public bool Stalls { get; init; }

    /// <summary>The body comes again and again, of no announced length, until the client has enough.</summary>
    public bool IsEndless { get; init; }

    /// <summary>Content-Length as announced; null: the body's own.</summary>
    public long? Announced { get; init; }

    public static ScriptedAnswer Text(int status, string text = "", string type = "application/json") => new ScriptedAnswer(status, Encoding.UTF8.GetBytes(text)).With("Content-Type", type);

    public static ScriptedAnswer Redirect(string to) => new ScriptedAnswer(307, []).With("Location", to);

    public static ScriptedAnswer Denied(string challenge) => Text(401, """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}""").With("WWW-Authenticate", challenge);

    public ScriptedAnswer With(string name, string value)
    {
        Headers[name] = value;
        return this;
    }
}
