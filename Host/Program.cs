using DeltaTune.Host.CommandLine;

return DeltaTuneCommandLine.Run(args);
