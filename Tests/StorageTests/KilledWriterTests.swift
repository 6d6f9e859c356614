import Core
import Dispatch
import Foundation
import Storage
import Testing

/// A process that is killed while it writes leaves every line that a flush returned for, and a whole chain.
@Suite(.serialized) struct KilledWriterTests {
  @Test(arguments: 0..<8) func `killed at a random instant, nothing flushed is lost`(round: Int) async throws {
    let files = try TemporaryStore()
    let keyPath = files.folder + "/vault.key"
    _ = try MasterKey.loadOrCreate(at: keyPath)
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = files.folder as String] in
      try await Self.write(in: folder)
    }
    let key = try MasterKey.load(at: keyPath)
    let acknowledged = try String(contentsOfFile: files.folder + "/acknowledged", encoding: .utf8)
    let promised = acknowledged.split(separator: "\n").reduce(into: [String: Int]()) { promised, line in
      let parts = line.split(separator: " ")
      if parts.count == 2, let count = Int(parts[1]) { promised[String(parts[0])] = count }
    }
    let store = try SQLiteStore(path: files.path, masterKey: key)
    #expect(promised.count == 3, "the child was killed before it wrote")
    #expect(try await store.leftCalls.all().sorted() == ["a", "b", "c"], "their process is gone")
    for (name, count) in promised {
      let call = SampleCall(CallID(name))
      let reading = try await store.journal.read(call.call)
      #expect(reading.firstBroken == nil)
      #expect(reading.entries.count >= count, "round \(round)")
      #expect(reading.entries.map(\.sequence) == Array(reading.entries.indices))
      for entry in reading.entries {
        guard case .event(.digit(let digit)) = entry.record else { continue }
        #expect(try await store.vault.reveal(digit.token, owner: call.owner) == "\(entry.sequence)")
      }
      // The chain can be continued by the next process.
      store.journal.append([call.line(reading.entries.count, .event(.hungUp(by: .line)))])
    }
    #expect(try await store.journal.calls(limit: 9).allSatisfy(\.hasEnded))
    try await store.close()
  }

  /// The child: three calls append and flush, and note what was promised, until a thread kills the process: at a random instant
  /// after the first promise of each, however long those took.
  private static func write(in folder: String) async throws {
    let store = try SQLiteStore(path: folder + "/store.sqlite", masterKey: .load(at: folder + "/vault.key"))
    let log = open(folder + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    let begun = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      for _ in 0..<3 { begun.wait() }
      usleep(UInt32.random(in: 0...300_000))
      kill(getpid(), SIGKILL)
    }
    await withThrowingTaskGroup { group in
      for name in ["a", "b", "c"] {
        group.addTask {
          let call = SampleCall(CallID(name))
          store.journal.append([call.line(0, call.started)])
          var sequence = 1
          var isBegun = false
          while true {
            for _ in 0..<Int.random(in: 1...20) {
              let digit = store.vault.protect("\(sequence)", label: .secret, owner: call.owner, ordinal: sequence)
              store.journal.append([call.line(sequence, .event(.digit(digit)))])
              sequence += 1
            }
            try await store.journal.flush(call.call)
            let line = "\(name) \(sequence)\n"
            _ = line.withCString { Glibc.write(log, $0, strlen($0)) }
            if !isBegun { begun.signal() }
            isBegun = true
          }
        }
      }
    }
  }
}
