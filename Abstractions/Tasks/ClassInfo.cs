namespace DeltaTune.Tasks;

/// <summary>One class of a task.</summary>
/// <param name="Name">The name, unique within the task: <c>positive</c>.</param>
/// <param name="LabelWords">The words that stand for the class at the mask, best known first. May be empty where no verbalizer with words
/// is used.</param>
/// <param name="Description">A phrase that says what belongs to the class, or an empty text.</param>
public sealed record ClassInfo(string Name, IReadOnlyList<string> LabelWords, string Description = "");
