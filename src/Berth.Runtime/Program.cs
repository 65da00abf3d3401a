using Berth.Linux.Files;
using Berth.Runtime.Commands;

ClosedStreams.Replace();
return RuntimeProgram.Run(args);
