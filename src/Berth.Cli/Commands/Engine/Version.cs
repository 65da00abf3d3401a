using System.Globalization;
using System.Text;

using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Tables;
using Berth.Cli.Templates;
using Berth.Oci.Images;

namespace Berth.Cli.Commands.Engine;

/// <summary>berth version.</summary>
internal static class Version
{
    public static Command Row { get; } = new("version", "[OPTIONS]", "Show the versions of client and engine")
    {
        Flags = static () => [Flag.Format(FormatHelp.Plain, 'f')],
        Group = CommandGroup.Common,
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        string format = call.Arguments.Text("format");
        Template? template = format.Length == 0 ? null : Documents.Parse(format);
        JsonObject? server = null;
        string? failure = null;
        try
        {
            server = Server(call.Api.Get("/version"));
        }
        catch (Exception e) when (e is ApiException or ConnectionException)
        {
            failure = e.Message;
        }

        JsonObject client = Client(call, server);
        if (template is not null)
        {
            var both = new JsonObject().Add("Client", client).Add("Server", server);
            call.Out.Line(Documents.Fill(template, GoShape.Mark(both)));
        }
        else
        {
            call.Out.Write(Show(client, server));
        }

        call.Out.Flush();
        return failure is null ? 0 : throw new CliException(failure);
    }

    private static JsonObject Client(Invocation call, JsonObject? server)
    {
        string api = call.Session.Variable("DOCKER_API_VERSION") ?? Lower(server?.Text("ApiVersion"), Identity.ApiVersion);
        return new JsonObject()
            .Add("Platform", new JsonObject().Add("Name", "Berth"))
            .Add("Version", Identity.Version).Add("ApiVersion", api).Add("DefaultAPIVersion", Identity.ApiVersion)
            .Add("GitCommit", "").Add("GoVersion", $".NET {Environment.Version.ToString(2)}")
            .Add("Os", "linux").Add("Arch", PlatformSpecifier.Here.Architecture)
            .Add("BuildTime", "").Add("Context", "default");
    }

    private static string Lower(string? server, string own) =>
        server is { Length: > 0 } && decimal.TryParse(server.Split('.')[^1], CultureInfo.InvariantCulture, out decimal theirs)
            && decimal.TryParse(own.Split('.')[^1], CultureInfo.InvariantCulture, out decimal ours) && theirs < ours ? server : own;

    // Go's RFC 3339 becomes what C's asctime writes, as Docker shows it.
    private static JsonObject Server(JsonObject answer)
    {
        foreach (JsonObject component in answer.List("Components").OfType<JsonObject>().Where(c => c.Text("Name") == "Engine"))
        {
            JsonObject details = component.Object("Details");
            if (DateTimeOffset.TryParse(details.Text("BuildTime"), CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset built))
            {
                details.Set("BuildTime", $"{built.ToString("ddd MMM ", CultureInfo.InvariantCulture)}{built.Day,2}{built.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture)}");
            }
        }

        return answer;
    }

    private static string Show(JsonObject client, JsonObject? server)
    {
        var text = new StringBuilder("Client: Berth\n");
        text.Append($" Version:\t{client.Text("Version")}\n API version:\t{client.Text("ApiVersion")}");
        text.Append(client.Text("ApiVersion") == client.Text("DefaultAPIVersion") ? "\n" : $" (downgraded from {client.Text("DefaultAPIVersion")})\n");
        text.Append($" Runtime:\t{client.Text("GoVersion")}\n OS/Arch:\t{client.Text("Os")}/{client.Text("Arch")}\n Context:\t{client.Text("Context")}\n");
        if (server is not null)
        {
            string name = server.Object("Platform").Text("Name");
            text.Append($"\nServer:{(name.Length > 0 ? " " : "")}{name}\n");
            foreach (JsonObject component in server.List("Components").OfType<JsonObject>())
            {
                Component(text, component);
            }
        }

        var table = new TabWriter(20, 1);
        table.Add(text.ToString());
        return table.ToString();
    }

    private static void Component(StringBuilder text, JsonObject component)
    {
        JsonObject details = component.Object("Details");
        text.Append($" {component.Text("Name")}:\n  Version:\t{component.Text("Version")}\n");
        if (component.Text("Name") == "Engine")
        {
            text.Append($"  API version:\t{details.Text("ApiVersion")} (minimum version {details.Text("MinAPIVersion")})\n  Go version:\t{details.Text("GoVersion")}\n");
            text.Append($"  Git commit:\t{details.Text("GitCommit")}\n  Built:\t{details.Text("BuildTime")}\n  OS/Arch:\t{details.Text("Os")}/{details.Text("Arch")}\n");
            text.Append($"  Experimental:\t{details.Text("Experimental")}\n");
            return;
        }

        foreach ((string key, object? value) in GoValue.Sorted(details))
        {
            text.Append($"  {key}:\t{value}\n");
        }
    }
}
