using System.Globalization;
using System.Text;

using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Templates;
using Berth.Cli.Text;

namespace Berth.Cli.Commands.Engine;

/// <summary>berth events.</summary>
internal static class Events
{
    public static Command Row { get; } = new("events", "[OPTIONS]", "Show what happens in the engine, as it happens")
    {
        Flags = static () =>
        [
            Flag.Filter("Show only those that fit, e.g. \"type=container\""),
            Flag.Format(FormatHelp.Plain),
            Flag.Text("since", "Show what happened after a moment"),
            Flag.Text("until", "Show what happens up to a moment"),
        ],
        Spellings = ["system events", "events"],
        Run = Execute,
    };

    private static int Execute(Invocation call)
    {
        Arguments given = call.Arguments;
        string format = given.Text("format");
        Template? template = format.Length == 0 ? null : Documents.Parse(format);
        Query target = new Query("/events").Text("since", Moment(call, "since")).Text("until", Moment(call, "until")).Text("filters", ApiClient.Filters(given.All("filter")));
        using ApiResponse answer = call.Api.Open("GET", target.ToString());
        byte[] buffer = new byte[16 * 1024];
        var pending = new List<byte>();
        for (int got; (got = answer.Read(buffer)) > 0;)
        {
            pending.AddRange(buffer.AsSpan(0, got));
            int end;
            while ((end = pending.IndexOf((byte)'\n')) >= 0)
            {
                Show(call, template, pending.GetRange(0, end).ToArray());
                pending.RemoveRange(0, end + 1);
            }
        }

        return 0;
    }

    private static void Show(Invocation call, Template? template, byte[] line)
    {
        if (line.AsSpan().Trim(" \r"u8).Length == 0)
        {
            return;
        }

        JsonObject happened = JsonParser.ParseObject(line);
        call.Out.Line(template is null ? Line(happened) : Documents.Fill(template, GoShape.Mark(happened)));
        call.Out.Flush();
    }

    /// <summary>"2026-01-02T03:04:05.000000006Z container start ID (image=busybox, name=web)".</summary>
    public static string Line(JsonObject happened)
    {
        var line = new StringBuilder(Time(happened));
        line.Append(' ').Append(happened.Text("Type")).Append(' ').Append(happened.Text("Action"));
        JsonObject actor = happened.Object("Actor");
        line.Append(' ').Append(actor.Text("ID"));
        JsonObject attributes = actor.Object("Attributes");
        if (attributes.Members.Count > 0)
        {
            line.Append(" (").AppendJoin(", ", GoValue.Sorted(attributes).Select(a => $"{a.Key}={a.Value}")).Append(')');
        }

        return line.ToString();
    }

    private static string Time(JsonObject happened)
    {
        long nano = happened.Int("timeNano");
        DateTimeOffset moment = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(nano != 0 ? nano / 1_000_000_000 : happened.Int("time")), TimeZoneInfo.Local);
        string zone = moment.Offset == TimeSpan.Zero ? "Z" : moment.ToString("zzz", CultureInfo.InvariantCulture);
        string fraction = (nano % 1_000_000_000).ToString("D9", CultureInfo.InvariantCulture);
        return $"{moment.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)}.{fraction}{zone}";
    }

    private static string Moment(Invocation call, string flag)
    {
        string text = call.Arguments.Text(flag);
        return text.Length == 0 ? "" : GoTime.ToUnix(text, call.Session.Now())
            ?? throw new CliException($"invalid value for \"{flag}\": failed to parse value as time or duration: {GoString.Quote(text)}");
    }
}
