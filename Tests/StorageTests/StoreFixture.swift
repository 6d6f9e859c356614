import Core
import Foundation
import GRDB
import Storage
import TestSupport

/// A folder with a database that goes away with the value.
final class TemporaryStore: Sendable {
  let masterKey: MasterKey
  private let home: TemporaryFolder
  var folder: String { home.path }
  var path: String { folder + "/store.sqlite" }

  init(masterKey: MasterKey = .ephemeral()) throws {
    home = try TemporaryFolder()
    self.masterKey = masterKey
  }

  func open(_ options: StoreOptions = StoreOptions(gathering: .milliseconds(1), retryPause: .milliseconds(5))) throws
    -> SQLiteStore
  {
    try SQLiteStore(path: path, masterKey: masterKey, options: options)
  }

  /// Changes the file behind the store's back.
  func tamper(_ sql: String, _ arguments: StatementArguments = []) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let database = try DatabaseQueue(path: path, configuration: configuration)
    try database.write { try $0.execute(sql: sql, arguments: arguments) }
    try database.close()
  }

  /// Whether the bytes of a text are in any file of the store.
  func holds(_ text: String) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: folder).contains { name in
      try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)).range(of: Data(text.utf8)) != nil
    }
  }
}

/// The lines of a made-up call.
struct SampleCall {
  let call: CallID
  let conversation: ConversationID = "talk-1"
  let tenant: TenantID = "shop"
  var owner: DataOwner { .call(tenant, call) }
  var started: JournalRecord {
    .started(
      CallStart(
        tenant: tenant, conversation: conversation, call: call, leg: "leg-1", channel: .voice, calledAddress: "100",
        clock: WallClock(epochMilliseconds: 1_900_000_000_000, utcOffsetSeconds: 3600), seed: 7),
      AssistantVersion(name: "shop", contentHash: String(repeating: "ab", count: 32)))
  }

  init(_ call: CallID = "call-1") { self.call = call }

  func line(_ sequence: Int, _ record: JournalRecord) -> JournalEntry {
    JournalEntry(
      conversation: conversation, call: call, sequence: sequence, instant: .milliseconds(sequence * 20), record: record)
  }

  /// A start, so many timers, a hang-up.
  func lines(_ timers: Int = 5) -> [JournalEntry] {
    let middle = (0..<timers).map { JournalRecord.event(.timerFired(.silence($0))) }
    return ([started] + middle + [.event(.hungUp(by: .caller))]).enumerated().map { line($0.offset, $0.element) }
  }
}
