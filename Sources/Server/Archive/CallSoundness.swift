internal import Core

/// Whether a call's journal is as it was written, and what is not.
public struct CallSoundness: Sendable, Encodable, Equatable {
  /// What a look at it came to.
  public enum Result: String, Sendable, Encodable {
    /// Chain, head and seal fit.
    case whole
    /// Chain and head fit; it was written by a release that made no seals.
    case beforeSeals = "written_before_seals"
    /// Chain and head fit; the seal was not looked at, because the vault's key is not at hand.
    case unchecked = "seal_not_checked"
    /// It is not as it was written.
    case altered
  }

  /// The call.
  public let call: String
  /// What the look came to.
  public let result: Result
  /// The first line that was altered or cannot be read; nil when only what stands beside the lines was.
  public let line: Int?
  /// What is wrong, in words without callers' data.
  public let findings: [String]

  /// Whether something is wrong.
  public var isAltered: Bool { result == .altered }
  /// For a terminal: the result, and what is wrong below it.
  public var text: String {
    ([call + ": " + result.rawValue.replacing("_", with: " ")] + findings.map { "  " + $0 }).joined(separator: "\n")
  }

  /// - Parameter beside: what was found beside the journal: entries of the ledger, values.
  init(_ call: CallID, _ reading: JournalReading, beside: [String] = []) {
    self.call = call.rawValue
    var findings: [String] = []
    if let line = reading.firstBroken {
      let isEnd = line >= reading.entries.count + reading.unreadable.count
      findings.append(
        isEnd
          ? "lines from \(line) on were taken away, or its head altered"
          : "line \(line) is not what followed here: it was altered or moved, or lines were taken away or put in")
    }
    findings += reading.unreadable.map(Self.words)
    findings += reading.disagreements.map { "its head tells otherwise than its lines: \($0)" }
    if reading.seal == .broken {
      findings.append(
        "its seal does not fit: its head was altered, or its lines were and the head was set to fit them")
    }
    self.findings = findings + beside
    line = reading.firstBroken ?? reading.unreadable.first?.line
    result =
      if reading.isAltered || !beside.isEmpty {
        .altered
      } else {
        switch reading.seal {
        case .earlier: .beforeSeals
        case .unchecked: .unchecked
        case .whole, .broken: .whole
        }
      }
  }

  /// A line that cannot be read.
  static func words(_ unreadable: JournalReading.Unreadable) -> String {
    "line \(unreadable.line) cannot be read: \(unreadable.reason)"
  }
}
