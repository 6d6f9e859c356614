import Core
import Dispatch
import Foundation
import Storage
import Testing

/// A process that is killed while callers are identified leaves every call bound or not, and no value of it behind.
@Suite(.serialized) struct KilledBinderTests {
  @Test(arguments: 0..<6) func `killed at a random instant, no call is half its person's`(round: Int) async throws {
    let files = try TemporaryStore()
    let keyPath = files.folder + "/vault.key"
    _ = try MasterKey.loadOrCreate(at: keyPath)
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = files.folder as String] in
      try await Self.write(in: folder)
    }
    let store = try SQLiteStore(path: files.path, masterKey: .load(at: keyPath))
    let calls = try await store.journal.calls(limit: 10_000).map(\.call)
    #expect(!calls.isEmpty, "the child was killed before it wrote")
    var bound = 0
    for call in calls {
      let sample = SampleCall(call)
      let entries = try await store.journal.read(call).entries
      let isBound = entries.contains { $0.record == .event(.identified("ada")) }
      bound += isBound ? 1 : 0
      for entry in entries {
        guard case .event(.digit(let digit)) = entry.record else { continue }
        #expect(try await store.vault.reveal(digit.token, owner: sample.owner) == "\(entry.sequence)")
        let found = try? await store.vault.reveal(digit.token, owner: .person("shop", "ada"))
        #expect((found.flatMap { $0 } != nil) == isBound, "round \(round), \(call), line \(entry.sequence)")
      }
    }
    #expect(bound > 0)
    for halves in [
      """
      SELECT call FROM calls WHERE (person IS NULL) = EXISTS (
        SELECT 1 FROM journal WHERE journal.call = calls.id AND kind = 'event.identified')
      """,
      """
      SELECT token FROM vault_values JOIN vault_keys ON vault_keys.id = key
      WHERE vault_values.owner <> vault_keys.owner
      """,
      "SELECT calls.call FROM calls JOIN vault_keys ON owner = 'call/shop/' || calls.call WHERE person IS NOT NULL",
    ] {
      #expect(try files.rows(halves).isEmpty, "\(halves)")
    }
    try await store.vault.erase(.person("shop", "ada"))
    for call in calls {
      let reading = try await store.journal.read(call)
      guard reading.entries.contains(where: { $0.record == .event(.identified("ada")) }) else { continue }
      #expect(reading.erased > 0)
    }
    try await store.close()
  }

  /// The child: one short call after the other, some lines waited for, until a thread kills the process.
  private static func write(in folder: String) async throws {
    let store = try SQLiteStore(path: folder + "/store.sqlite", masterKey: .load(at: folder + "/vault.key"))
    let begun = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      begun.wait()
      usleep(UInt32.random(in: 0...200_000))
      kill(getpid(), SIGKILL)
    }
    var number = 0
    while true {
      let call = SampleCall(CallID("call-\(number)"))
      store.journal.append([call.line(0, call.started)])
      for sequence in 1...6 {
        if sequence == 3 {
          store.journal.append([call.line(sequence, .event(.identified("ada")))])
        } else {
          let digit = store.vault.protect("\(sequence)", label: .secret, owner: call.owner, ordinal: sequence)
          store.journal.append([call.line(sequence, .event(.digit(digit)))])
        }
        if Bool.random() || number == 0 { try await store.journal.flush(call.call) }
      }
      if number == 0 { begun.signal() }
      number += 1
    }
  }
}
