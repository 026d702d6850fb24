namespace TorchSharp.Modules;

/// <summary>Marks a module that has nothing to register or move.</summary>
public interface IParameterLessModule
{
}
