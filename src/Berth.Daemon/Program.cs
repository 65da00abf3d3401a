return await Berth.Daemon.DaemonProgram.RunAsync(args).ConfigureAwait(false);
