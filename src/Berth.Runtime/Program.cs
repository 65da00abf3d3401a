using Berth.Runtime.Commands;

return RuntimeProgram.Run(args);
