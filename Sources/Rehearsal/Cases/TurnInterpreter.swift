import Assistant
import Conversation
import Core
import Dialogue

/// What the turns of one case mean: by payload, by the file of commands, by recorded utterances, by understanding.
struct TurnInterpreter {
  let recorded: RecordedCommands?
  let understander: (any Understander)?
  /// How reports call the understander.
  let name: String
  /// Ends what hangs. A rehearsal has virtual time: how long understanding takes on this machine changes nothing in it.
  private static let patience = Duration.seconds(600)

  /// Who says what a turn means.
  enum Reader: Hashable, Sendable, CustomStringConvertible {
    /// The words are commands themselves, such as `/SetSlots(a=b)`.
    case payload
    /// The file of commands has this turn.
    case commands
    /// The recorded model has these words.
    case recorded(String)
    /// The embedded understanding.
    case understanding(String)
    /// Nobody.
    case nobody

    var description: String {
      switch self {
      case .payload: "payload"
      case .commands: "commands file"
      case .recorded(let model): "recorded model \(model)"
      case .understanding(let name): "embedded understanding (\(name))"
      case .nobody: "nobody"
      }
    }
  }

  /// The commands of a turn, with who read it.
  struct Reading {
    let reader: Reader
    let commands: [ProposedCommand]
    /// Why the commands cannot be trusted.
    var problem: String?
  }

  /// - Parameters:
  ///   - turn: which of the case's turns with words it is, from 0.
  ///   - confidence: how sure the recogniser is of the words.
  func read(
    _ text: String, turn: Int, of test: TestCase, confidence: Confidence, isVoice: Bool, request: UnderstandingRequest
  ) async -> Reading {
    if ButtonPayload.isPayload(text) { return payload(text) }
    func proposals(_ commands: [Command], _ proposer: String) -> [ProposedCommand] {
      commands.map {
        ProposedCommand($0, confidence: confidence, proposer: proposer, source: isVoice ? .speech : .text)
      }
    }
    if let turns = recorded?.turns(of: test) {
      guard let entry = entry(turn, of: test, in: turns) else {
        return Reading(reader: .commands, commands: [], problem: "the file of commands has no entry for this turn")
      }
      let words = entry.user.map(RecordedCommands.key)
      let mismatch = words.map { $0 != RecordedCommands.key(text) } ?? false
      return Reading(
        reader: .commands, commands: proposals(entry.commands, "recorded"),
        problem: mismatch ? "the commands at \(entry.source) are for other words: \(entry.user ?? "")" : nil)
    }
    if let recorded, let commands = recorded.utterances[RecordedCommands.key(text)] {
      return Reading(reader: .recorded(recorded.name), commands: proposals(commands, "recorded"))
    }
    guard let understander else {
      return Reading(reader: .nobody, commands: [], problem: "nobody says what these words mean")
    }
    do {
      let commands = try await understander.understand(request, deadline: ContinuousClock.now + Self.patience)
      return Reading(reader: .understanding(name), commands: commands)
    } catch {
      return Reading(reader: .understanding(name), commands: [], problem: "understanding failed: \(error)")
    }
  }

  /// Payloads need no entry: when there are as many entries as turns they have one that is not looked at.
  private func entry(_ turn: Int, of test: TestCase, in turns: [RecordedCommands.Turn]) -> RecordedCommands.Turn? {
    let texts = test.steps.compactMap { if case .user(let text, _, _) = $0.kind { text } else { nil } }
    let index = turns.count == texts.count ? turn : texts.prefix(turn).count { !$0.hasPrefix("/") }
    return turns.indices.contains(index) ? turns[index] : nil
  }

  /// A payload is a button's here: authors write their own tests.
  private func payload(_ text: String) -> Reading {
    Reading(
      reader: .payload, commands: (try? ButtonPayload.read(text, from: .button)) ?? [ButtonPayload.refusal])
  }
}
