internal import Core
internal import Foundation
internal import Storage

extension CallArchive {
  /// What a look at every call came to.
  public struct Verified: Sendable, Encodable {
    /// How many calls were looked at.
    public let calls: Int
    /// How many of them a release wrote that made no seals: of these chain and head alone were looked at.
    public let writtenBeforeSeals: Int
    /// The calls that are not as they were written.
    public let altered: [CallSoundness]
    /// Tables of which rows were taken away as a whole: `calls`, `effects`.
    public let missing: [String]

    /// Whether nothing was found.
    public var isSound: Bool { altered.isEmpty && missing.isEmpty }
    /// For a terminal.
    public var text: String {
      (altered.map(\.text)
        + missing.map { "\($0): rows were taken away, or their count altered" }
        + ["\(calls) calls, \(altered.count) altered, \(writtenBeforeSeals) written before seals"])
        .joined(separator: "\n")
    }
  }

  /// Looks at all that is kept of one call or, when none is named, of every call: chain, head, seal, the ledger's entries and the
  /// values. Needs the vault's key, and tells no value.
  public func verify(_ id: String? = nil) async throws -> Verified {
    let reader = try open(reveal: true)
    let changing = Set(try await reader.ledger.calls())
    var calls: [CallID] = []
    if let id {
      calls = [try await call(id, reader)]
    } else {
      calls = try await reader.journal.calls(limit: .max).map(\.call)
      calls += changing.subtracting(calls).sorted()
    }
    var verified: [CallSoundness] = []
    for call in calls {
      let beside = changing.contains(call) ? try await ledgered(call, reader) : []
      let reading: JournalReading
      do {
        reading = try await reader.journal.read(call)
      } catch let error as StorageError where error.code == "storage.unknown_call" && id == nil {
        reading = JournalReading(entries: [], firstBroken: 0, erased: 0)
      }
      verified.append(CallSoundness(call, reading, beside: beside + (try await values(of: reading, reader))))
    }
    let missing = id == nil ? try await reader.tablesWithMissingRows() ?? [] : []
    return Verified(
      calls: verified.count, writtenBeforeSeals: verified.count { $0.result == .beforeSeals },
      altered: verified.filter(\.isAltered), missing: missing)
  }

  private func ledgered(_ call: CallID, _ reader: SQLiteStoreReader) async throws -> [String] {
    do {
      return try await reader.ledger.effects(of: call).filter { $0.seal == .broken }.map {
        "the ledger's entry of effect \($0.intent.effect) was altered"
      }
    } catch let error as StorageError where error.code == "storage.effect_unreadable" {
      return [error.message]
    }
  }

  /// Opens every value, and keeps none.
  private func values(of reading: JournalReading, _ reader: SQLiteStoreReader) async throws -> [String] {
    guard case .started(let start, _)? = reading.entries.first?.record else { return [] }
    var findings: Set<String> = []
    let wasErased = try await reader.wasErased(start.owner)
    for token in try CanonicalJSON.tokens(in: reading.entries) {
      do {
        if try await reader.reveal(token, owner: start.owner) == nil, !wasErased {
          findings.insert("A key was taken away that nobody erased")
        }
      } catch let error as StorageError where ["storage.value_missing", "storage.value_damaged"].contains(error.code) {
        findings.insert(error.message)
      }
    }
    return findings.sorted()
  }
}
