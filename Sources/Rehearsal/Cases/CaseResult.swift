/// How one case went.
public struct CaseResult: Sendable, Equatable, Codable {
  /// Its name.
  public let name: String
  /// Its file, relative to the assistant's folder.
  public let file: String
  /// The line it begins at.
  public let line: Int
  /// How it went.
  public let status: Status
  /// What was not as expected, the first one first; empty unless it failed.
  public let failures: [Failure]
  /// What was said and done, up to the first divergence.
  public let dialogue: [Line]
  /// Who said what the turns mean, and how many of them.
  public let readers: [String: Int]
  /// What else should be known, such as assertions that nobody judged.
  public let remarks: [String]
  /// How long it took, in milliseconds of virtual time.
  public let milliseconds: Int

  /// How a case went.
  public enum Status: String, Sendable, Codable {
    case passed
    case failed
    /// Nothing failed, and something in it can be judged elsewhere only.
    case notJudged = "not_judged"
  }

  /// Something that was not as expected.
  public struct Failure: Sendable, Equatable, Codable {
    /// The line of the step or assertion.
    public let line: Int
    /// The key it is written under.
    public let key: String
    /// What was expected.
    public let expected: String
    /// What was there.
    public let found: String
  }

  /// A line of the dialogue.
  public struct Line: Sendable, Equatable, Codable {
    /// `caller`, `agent`, or `-` for what is neither.
    public let speaker: String
    /// The words.
    public let text: String
    /// How they were understood, or what was done.
    public let detail: String
  }
}
