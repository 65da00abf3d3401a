Berth.Linux.Files.ClosedStreams.Replace();
return await Berth.Daemon.DaemonProgram.RunAsync(args).ConfigureAwait(false);
