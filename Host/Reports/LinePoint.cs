namespace DeltaTune.Host.Reports;

/// <summary>One point of a line chart.</summary>
/// <param name="Panel">The panel that it is in; empty where there is but one.</param>
/// <param name="Line">The line that it is on.</param>
/// <param name="X">The number that it stands over.</param>
/// <param name="Y">Its height.</param>
/// <param name="Spread">How far up and down its bar goes; 0 without.</param>
internal sealed record LinePoint(string Panel, string Line, double X, double Y, double Spread);
