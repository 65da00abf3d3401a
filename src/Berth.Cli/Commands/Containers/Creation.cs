using Berth.Cli.CommandLine;
using Berth.Cli.Commands.Images;
using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Commands.Containers;

/// <summary>The making of a container, with its cidfile and what is said when the image is missing.</summary>
internal sealed class Creation(Invocation call, ContainerRequest request)
{
    private readonly string cidFile = call.Arguments.Text("cidfile");

    /// <summary>Sends the request; the cidfile exists, empty, from now on.</summary>
    public PendingCall Begin()
    {
        if (call.Arguments.Text("pull") == "always")
        {
            BringImage();
        }

        if (cidFile.Length > 0)
        {
            ClaimCidFile();
        }

        return Send();
    }

    private PendingCall Send()
    {
        Query target = new Query("/containers/create").Text("name", request.Name)
            .Text("platform", call.Arguments.Text("platform", call.Session.Variable("DOCKER_DEFAULT_PLATFORM") ?? ""));
        return call.Api.Begin("POST", target.ToString(), request.Body);
    }

    /// <summary>The new container's id. Warnings go to standard error.</summary>
    public string Finish(PendingCall pending)
    {
        bool made = false;
        try
        {
            JsonObject answer = JsonParser.ParseObject(FinishOrPull(pending).ReadAll());
            foreach (object? warning in answer.List("Warnings"))
            {
                call.Err.Line($"WARNING: {warning}");
            }

            string id = answer.Text("Id");
            if (cidFile.Length > 0)
            {
                File.WriteAllText(cidFile, id);
            }

            made = true;
            return id;
        }
        finally
        {
            if (!made && cidFile.Length > 0)
            {
                File.Delete(cidFile);
            }
        }
    }

    // A missing image is brought, and the request sent once more.
    private ApiResponse FinishOrPull(PendingCall pending)
    {
        try
        {
            return pending.Finish();
        }
        catch (ApiException e) when (e.Status == 404 && IsMissingImage(e.Answer) && call.Arguments.Text("pull", "missing") is "missing" or "")
        {
            if (!call.Arguments.Is("quiet"))
            {
                call.Err.Line($"Unable to find image '{ImageName.WithTag(request.Image)}' locally");
            }

            BringImage();
            return Send().Finish();
        }
    }

    private void BringImage()
    {
        try
        {
            Pull.Bring(call, Pull.Parse(request.Image).WithDefaultTag(), call.Err, call.Arguments.Is("quiet"));
        }
        catch (CliException e)
        {
            throw new Specs.SpecException(e.Message); // a run that never began: 125
        }
    }

    private static bool IsMissingImage(string answer) => answer.StartsWith("No such image", StringComparison.OrdinalIgnoreCase);

    private void ClaimCidFile()
    {
        try
        {
            new FileStream(cidFile, FileMode.CreateNew).Dispose();
        }
        catch (IOException) when (File.Exists(cidFile))
        {
            throw new Specs.SpecException($"container ID file found, make sure the other container isn't running or delete {cidFile}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Specs.SpecException($"failed to create the container ID file: open {cidFile}: {Specs.FileReason.Of(e)}");
        }
    }
}
