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
    /// Tables of which rows were taken away or put in as a whole, such as `calls`.
    public let missing: [String]
    /// Tables beside calls and ledger with rows that are not as they were written.
    public let tables: [Table]
    /// Tables, indices, triggers and views that no release of ours made, or that were changed.
    public let foreign: [String]

    /// The rows of a table that are told of.
    public struct Table: Sendable, Encodable, Equatable {
      /// The table's name.
      public let name: String
      /// How many rows were altered or put in.
      public let altered: Int
      /// How many rows a release wrote that made no seals of them.
      public let writtenBeforeSeals: Int

      var lines: [String] {
        let rows = { (count: Int) in "\(name): \(count) \(count == 1 ? "row" : "rows") " }
        return (altered > 0 ? [rows(altered) + "altered or put in"] : [])
          + (writtenBeforeSeals > 0 ? [rows(writtenBeforeSeals) + "not sealed: written before seals"] : [])
      }
    }

    /// Whether nothing was found.
    public var isSound: Bool {
      altered.isEmpty && missing.isEmpty && foreign.isEmpty && tables.allSatisfy { $0.altered == 0 }
    }
    /// For a terminal.
    public var text: String {
      (altered.map(\.text) + tables.flatMap(\.lines)
        + missing.map { "\($0): rows were taken away or put in, or their count altered" }
        + foreign.map { "\($0): not as this release makes it" }
        + ["\(calls) calls, \(altered.count) altered, \(writtenBeforeSeals) written before seals"])
        .joined(separator: "\n")
    }
  }

  /// Looks at all that is kept of one call or, when none is named, of every call: chain, head, seal, the ledger's entries and the
  /// values; then at all rows beside them. Needs the vault's key, and tells no value.
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
    let tables = id == nil ? try await reader.tables() ?? [] : []
    return Verified(
      calls: verified.count, writtenBeforeSeals: verified.count { $0.result == .beforeSeals },
      altered: verified.filter(\.isAltered), missing: tables.filter(\.isMiscounted).map(\.name),
      tables: tables.filter(\.isToldByItself).map {
        .init(name: $0.name, altered: $0.altered, writtenBeforeSeals: $0.earlier)
      }, foreign: id == nil ? try await reader.foreignForms() : [])
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
    let erasure = try await reader.erasure(of: start.owner)
    if erasure == .broken {
      findings.insert("it is written down that its values were erased, but nobody with the key did")
    }
    for token in try CanonicalJSON.tokens(in: reading.entries) {
      do {
        if try await reader.reveal(token, owner: start.owner) == nil, erasure == nil || erasure == .broken {
          findings.insert("A key was taken away that nobody erased")
        }
      } catch let error as StorageError where ["storage.value_missing", "storage.value_damaged"].contains(error.code) {
        findings.insert(error.message)
      }
    }
    return findings.sorted()
  }
}

extension TableReading {
  /// Rows of calls and ledger are told by their calls.
  fileprivate var isToldByItself: Bool { !["calls", "effects"].contains(name) && altered + earlier > 0 }
}
