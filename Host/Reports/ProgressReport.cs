using System.Globalization;
using DeltaTune.Host.Runs;
using DeltaTune.Host.Training;
using Spectre.Console;

namespace DeltaTune.Host.Reports;

/// <summary>Shows how a run goes: a bar where there is a terminal, lines where there is none.</summary>
internal sealed class ProgressReport : IRunObserver
{
    private readonly TextWriter _error;
    private readonly bool _quiet;
    private ProgressTask? _bar;
    private IAnsiConsole? _console;

    private ProgressReport(TextWriter error, bool quiet) => (_error, _quiet) = (error, quiet);

    /// <summary>Does work that is watched.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="error">Where progress goes.</param>
    /// <param name="quiet">Whether only sentences are shown.</param>
    /// <param name="work">The work, done on this thread.</param>
    /// <returns>What the work gives.</returns>
    public static T Watch<T>(TextWriter error, bool quiet, Func<IRunObserver, T> work)
    {
        var report = new ProgressReport(error, quiet);
        if (quiet || Console.IsErrorRedirected || error != Console.Error)
        {
            return work(report);
        }

        report._console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        T? result = default;
        report._console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                report._bar = context.AddTask("preparing", autoStart: false);
                result = work(report);
                report._bar.StopTask();
            });
        return result!;
    }

    /// <inheritdoc/>
    public void Say(string sentence)
    {
        if (_console is not null)
        {
            _console.WriteLine(sentence);
        }
        else
        {
            _error.WriteLine(sentence);
        }
    }

    /// <inheritdoc/>
    public void Started(RunPlan plan)
    {
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Name}: {plan.TrainableParameters:N0} of {plan.TotalParameters:N0} parameters train ({100.0 * plan.TrainableParameters / plan.TotalParameters:0.###} %), on {plan.TrainExamples:N0} examples, {plan.DevExamples:N0} choose the best state; {plan.TotalSteps:N0} steps on {plan.Device}{(plan.FirstStep > 0 ? $", going on after step {plan.FirstStep:N0}" : "")}"));
        if (_bar is not null)
        {
            _bar.MaxValue = plan.TotalSteps;
            _bar.Value = plan.FirstStep;
            _bar.Description = Markup.Escape(plan.Name);
            _bar.StartTask();
        }
    }

    /// <inheritdoc/>
    public void Reached(TrainingEvent reached)
    {
        string text = reached.Dev is { } dev
            ? string.Create(CultureInfo.InvariantCulture, $"step {reached.Step}/{reached.TotalSteps}  dev {dev.Metric} {dev.Score:0.0000}  dev loss {dev.Loss:0.0000}{(reached.IsBest ? "  best so far" : "")}")
            : string.Create(CultureInfo.InvariantCulture, $"step {reached.Step}/{reached.TotalSteps}  epoch {reached.Epoch}  loss {reached.Loss:0.0000}  learning rate {reached.LearningRate:0.0E+0}  {reached.ExamplesPerSecond:0.0} examples/s");
        if (_bar is not null)
        {
            _bar.Value = reached.Step;
            _bar.Description = Markup.Escape(reached.Dev is null ? string.Create(CultureInfo.InvariantCulture, $"loss {reached.Loss:0.000}") : $"dev {reached.Dev.Score:0.000}");
            if (reached.Dev is not null)
            {
                Say(text);
            }
        }
        else if (!_quiet)
        {
            _error.WriteLine(text);
        }
    }
}
