namespace Berth.Cli.Http;

/// <summary>A request that was sent; its answer is still to be read. What is done in between costs no time of its own.</summary>
internal sealed class PendingCall(HttpConnection connection, ApiClient client, bool bodyless, Action<HttpConnection> giveBack)
{
    /// <summary>Waits for the answer; an error answer becomes an exception.</summary>
    public ApiResponse Finish()
    {
        ApiResponse response = Answer();
        return response.Head.Status < 400 ? response : throw ApiClient.Refusal(response);
    }

    /// <summary>Waits for the answer, an error answer too.</summary>
    public ApiResponse Answer()
    {
        ResponseHead head = Head();
        return new ApiResponse(connection, head, !bodyless && head.Status is not (204 or 304), giveBack);
    }

    /// <summary>Waits for the connection to become a container's streams: 101 UPGRADED, or 200 from old daemons.</summary>
    public Hijacked FinishHijack()
    {
        ResponseHead head = Head();
        return head.Status is 101 or 200
            ? new Hijacked(connection, head.ContentType == "application/vnd.docker.multiplexed-stream")
            : throw ApiClient.Refusal(new ApiResponse(connection, head, true, static c => c.Dispose()));
    }

    private ResponseHead Head()
    {
        ResponseHead head = connection.ReadHead()
            ?? throw connection.Ended(client.Endpoint.Text);
        client.ApiVersion = head.ApiVersion;
        return head;
    }
}
