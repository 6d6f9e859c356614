internal import Core
public import Foundation
internal import Insight
internal import Storage

/// The changes nobody may forget: those whose outcome is not known, and those of which journal and ledger tell different things.
/// Read beside or without a running server.
public struct EffectArchive: Sendable {
  private let configuration: ServerConfiguration

  /// The effects in a server's data.
  public init(_ configuration: ServerConfiguration) { self.configuration = configuration }

  /// A change somebody should look at.
  public struct Finding: Sendable, Encodable {
    /// What is to be said of it.
    public enum Kind: String, Sendable, Encodable {
      /// Asked for, and nothing is known of it.
      case open
      /// Asked for, and its probe could not tell whether it happened.
      case unknown
      /// Journal and ledger tell different things.
      case differs
      /// The ledger's entry was altered; what it says is not to be believed.
      case altered
      /// Its call goes on: nothing to do yet.
      case underWay = "under_way"
    }

    /// What is to be said.
    public let kind: Kind
    /// The call.
    public let call: String
    /// The effect's number in it.
    public let effect: Int
    /// The tool.
    public let tool: String
    /// What the ledger says: `open`, `completed`, `refused`, `failed`, `unknown`, or `nothing`.
    public let ledger: String
    /// What the journal says, in the same words.
    public let journal: String
    /// When it was intended; nil when the ledger does not know it.
    public let intendedAt: Date?

    /// One line for a terminal.
    public var text: String {
      "\(kind.rawValue)\t\(call)\teffect \(effect)\t\(tool)\tledger: \(ledger)\tjournal: \(journal)"
        + (intendedAt.map { "\t" + $0.formatted(.iso8601) } ?? "")
    }
    /// Whether a person has to look.
    public var needsSomebody: Bool { kind != .underWay }
  }

  /// All findings, call by call.
  public func findings() async throws -> [Finding] {
    let reader = try StorageFloor.reader(configuration, reveal: false)
    var findings: [Finding] = []
    for call in try await reader.ledger.calls() {
      let effects: [LedgeredEffect]
      do {
        effects = try await reader.ledger.effects(of: call)
      } catch let error as StorageError where error.code == "storage.effect_unreadable" {
        findings.append(
          Finding(
            kind: .altered, call: call.rawValue, effect: 0, tool: "unreadable", ledger: "unreadable",
            journal: "nothing",
            intendedAt: nil))
        continue
      }
      var fold = EffectFold()
      for entry in (try? await reader.journal.read(call))?.entries ?? [] { fold.take(entry) }
      findings += Self.findings(of: call, effects, fold.changes)
    }
    return findings
  }

  static func findings(
    of call: CallID, _ effects: [LedgeredEffect], _ journaled: [EffectID: EffectFold.Change]
  ) -> [Finding] {
    var findings = effects.compactMap { effect -> Finding? in
      let said = journaled[effect.intent.effect]?.outcome
      let kind: Finding.Kind
      switch effect.outcome {
      case _ where effect.seal == .broken: kind = .altered
      case _ where effect.isUnderWay: kind = .underWay
      case nil: kind = .open
      case .unknown: kind = .unknown
      default: kind = .differs
      }
      let (ledger, journal) = (name(effect.outcome) ?? "open", name(said) ?? "nothing")
      guard ledger != journal || kind == .unknown || kind == .altered else { return nil }
      return Finding(
        kind: kind, call: call.rawValue, effect: effect.intent.effect.rawValue, tool: effect.intent.tool.rawValue,
        ledger: ledger, journal: journal, intendedAt: Date(timeIntervalSince1970: Double(effect.intendedAt) / 1000))
    }
    // A change asked for twice under one key is one intent, that of the first.
    let intended = Set(effects.map(\.intent.tool))
    for (effect, change) in journaled.sorted(by: { $0.key < $1.key }) where !intended.contains(change.tool) {
      guard change.outcome.map(mayHaveHappened) == true else { continue }
      findings.append(
        Finding(
          kind: .differs, call: call.rawValue, effect: effect.rawValue, tool: change.tool.rawValue, ledger: "nothing",
          journal: name(change.outcome) ?? "nothing", intendedAt: nil))
    }
    return findings
  }

  /// What is refused or fails before its intent is written leaves no trace in the ledger, and need not.
  private static func mayHaveHappened(_ outcome: ToolOutcome) -> Bool {
    switch outcome {
    case .completed, .unknown: true
    case .refused, .failed: false
    }
  }

  private static func name(_ outcome: ToolOutcome?) -> String? { outcome?.name }
}

extension ToolOutcome {
  /// What became of it, without what came with it.
  var name: String {
    switch self {
    case .completed: "completed"
    case .refused: "refused"
    case .failed: "failed"
    case .unknown: "unknown"
    }
  }
}
