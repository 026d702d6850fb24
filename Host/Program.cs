using DeltaTune.Host.CommandLine;
using DeltaTune.Host.Runs;

NativeHeap.Keep();
return DeltaTuneCommandLine.Run(args);
