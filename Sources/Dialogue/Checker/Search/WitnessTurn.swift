/// One line of the dialogue that leads to a finding.
public struct WitnessTurn: Hashable, Sendable, Codable {
  /// Who.
  public let speaker: Speaker
  /// What, as the engine has it: a command, a response's name, a tool with its outcome.
  public let action: String
  /// The words, when there are some; values of slots stand in braces.
  public let words: String?

  /// A line.
  public init(_ speaker: Speaker, _ action: String, words: String? = nil) {
    self.speaker = speaker
    self.action = action
    self.words = words
  }

  /// Who acts in a line.
  public enum Speaker: String, Hashable, Sendable, Codable {
    /// The caller.
    case caller
    /// The agent.
    case agent
    /// The back end, or the person a call is transferred to.
    case tool
    /// What was the case before.
    case before
    /// The step the finding is about.
    case here
  }
}

extension WitnessTurn: CustomStringConvertible {
  /// One line: who, what, and the words in quotes.
  public var description: String {
    let name = speaker.rawValue
    return name + String(repeating: " ", count: 7 - name.count) + action + (words.map { "  \"\($0)\"" } ?? "")
  }
}
