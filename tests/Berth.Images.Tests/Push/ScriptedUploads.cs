using System.Globalization;

using Berth.Images.Tests.Registries;
using Berth.Oci.Digests;

namespace Berth.Images.Tests.Push;

/// <summary>The writing side of a registry, good or bad as a test wants it.</summary>
internal sealed class ScriptedUploads
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryStream> _sessions = [];
    private int _next;

    /// <summary>Blobs by "repository digest".</summary>
    public Dictionary<string, byte[]> Blobs { get; } = [];

    /// <summary>Manifests by "repository reference".</summary>
    public Dictionary<string, (byte[] Bytes, string Type)> Manifests { get; } = [];

    /// <summary>Answers in place of the registry, where it answers at all.</summary>
    public Func<ScriptedRequest, ScriptedAnswer?> Instead { get; set; } = static _ => null;

    /// <summary>Of every upload's first piece only so many bytes arrive, and the answer is that of a broken server; null: all.</summary>
    public int? BreaksAt { get; set; }

    public bool Mounts { get; set; } = true;

    public ScriptedAnswer Answer(ScriptedRequest request)
    {
        lock (_lock)
        {
            return Instead(request) ?? Answer(request, request.Path["/v2/".Length..]);
        }
    }

    private ScriptedAnswer Answer(ScriptedRequest request, string path)
    {
        if (path.IndexOf("/blobs/uploads/", StringComparison.Ordinal) is > 0 and var upload)
        {
            return Upload(request, path[..upload], path[(upload + "/blobs/uploads/".Length)..]);
        }

        if (path.IndexOf("/blobs/", StringComparison.Ordinal) is > 0 and var blob)
        {
            return ScriptedAnswer.Text(Blobs.ContainsKey($"{path[..blob]} {path[(blob + 7)..]}") ? 200 : 404);
        }

        int manifest = path.IndexOf("/manifests/", StringComparison.Ordinal);
        Manifests[$"{path[..manifest]} {path[(manifest + 11)..]}"] = (request.Body, request["Content-Type"]);
        return ScriptedAnswer.Text(201);
    }

    private ScriptedAnswer Upload(ScriptedRequest request, string repository, string id)
    {
        Dictionary<string, string> query = request.Target.Contains('?', StringComparison.Ordinal)
            ? request.Target.Split('?')[1].Split('&').Select(static p => p.Split('=')).ToDictionary(static p => p[0], static p => Uri.UnescapeDataString(p[1]))
            : [];
        if (request.Method == "POST")
        {
            if (Mounts && query.TryGetValue("mount", out string? mount) && Blobs.TryGetValue($"{query["from"]} {mount}", out byte[]? there))
            {
                Blobs[$"{repository} {mount}"] = there;
                return ScriptedAnswer.Text(201);
            }

            id = string.Create(CultureInfo.InvariantCulture, $"u{_next++}");
            _sessions[id] = new MemoryStream();
            return Accepted(repository, id, 202);
        }

        if (!_sessions.TryGetValue(id, out MemoryStream? session))
        {
            return ScriptedAnswer.Text(404, """{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN","message":"gone"}]}""");
        }

        if (request.Method == "DELETE")
        {
            _sessions.Remove(id);
            return ScriptedAnswer.Text(204);
        }

        if (BreaksAt is { } at && session.Length == 0 && request.Body.Length > at)
        {
            session.Write(request.Body, 0, at);
            return ScriptedAnswer.Text(500);
        }

        session.Write(request.Body);
        if (request.Method != "PUT")
        {
            return Accepted(repository, id, request.Method == "GET" ? 204 : 202);
        }

        _sessions.Remove(id);
        if (Digest.Of(session.ToArray()).ToString() != query["digest"])
        {
            return ScriptedAnswer.Text(400, """{"errors":[{"code":"DIGEST_INVALID","message":"other bytes"}]}""");
        }

        Blobs[$"{repository} {query["digest"]}"] = session.ToArray();
        return ScriptedAnswer.Text(201);
    }

    private ScriptedAnswer Accepted(string repository, string id, int status) => ScriptedAnswer.Text(status)
        .With("Location", $"/v2/{repository}/blobs/uploads/{id}").With("Range", string.Create(CultureInfo.InvariantCulture, $"0-{Math.Max(0, _sessions[id].Length - 1)}"));
}
