import Core
import Foundation
import GRDB
import Testing

@testable import Storage

/// Figures, printed when `REPARTEE_MEASURE` is set: `swift test -c release --filter StorageMeasurements`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["REPARTEE_MEASURE"] != nil))
struct StorageMeasurements {
  private let clock = ContinuousClock()

  private func percentile(_ spans: [Duration], _ share: Double) -> Duration {
    spans.sorted()[min(spans.count - 1, Int(Double(spans.count) * share))]
  }

  /// What this thread computed so far: unlike wall time, little troubled by other work of the machine.
  private func threadCPU() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  @Test func `how many lines a second are durable`() async throws {
    let store = try TemporaryStore().open(StoreOptions(capacity: 200_000))
    let calls = (0..<20).map { SampleCall(CallID("call-\($0)")).lines(2_000) }
    var taken = Duration.zero
    let all = try await clock.measure {
      taken = clock.measure { for lines in calls { for line in lines { store.journal.append([line]) } } }
      try await store.journal.flush("call-1")
    }
    let count = calls.reduce(0) { $0 + $1.count }
    print("append: \(taken / count) a line for the caller; \(Int(Double(count) / (all / .seconds(1)))) lines/s durable")
    #expect(store.health.isWell)
    #expect(try await store.journal.calls(limit: 100).count == 20)
  }

  @Test func `how long a flush takes, alone and beside twenty calls`() async throws {
    for busy in [false, true] {
      let store = try TemporaryStore().open(StoreOptions())
      let background = Task {
        guard busy else { return }
        let calls = (0..<20).map { SampleCall(CallID("busy-\($0)")).lines(100_000) }
        for position in 0..<100_000 {
          for lines in calls { store.journal.append([lines[position]]) }
          try await Task.sleep(for: .milliseconds(100))
        }
      }
      let lines = SampleCall().lines(300)
      var spans: [Duration] = []
      for line in lines {
        store.journal.append([line])
        spans.append(try await clock.measure { try await store.journal.flush("call-1") })
      }
      background.cancel()
      print(
        "flush, busy \(busy): p50 \(percentile(spans, 0.5)) p95 \(percentile(spans, 0.95)) max \(percentile(spans, 1))")
      #expect(try await store.journal.read("call-1").entries.count == lines.count)
    }
  }

  @Test func `what a seal costs`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    store.journal.append(SampleCall().lines(9))
    try await store.close()
    let seals = RowSeals(files.masterKey)
    let count = 10_000
    let spent = try await DatabaseQueue(path: files.path).write { database in
      let before = threadCPU()
      for _ in 0..<count {
        #expect(try seals.verdict(of: 1, in: .calls, database) == .whole)
        try seals.seal(1, in: .calls, database)
      }
      return threadCPU() - before
    }
    print("seal: \(spent / count) of computing to look at a head and seal it anew")
  }

  @Test func `what a token costs`() async throws {
    let store = try TemporaryStore().open(StoreOptions(capacity: 1_000_000))
    let owner = DataOwner.call("shop", "call-1")
    let first = clock.measure { _ = store.vault.protect("x", label: .speech, owner: owner, ordinal: 0) }
    let count = 20_000
    let before = threadCPU()
    let all = clock.measure {
      for index in 0..<count {
        _ = store.vault.protect("twelve mill lane bristol", label: .address, owner: owner, ordinal: index)
      }
    }
    let cpu = threadCPU() - before
    try await store.journal.flush("call-1")
    print("token: \(all / count) each, \(cpu / count) of it computing, \(first) for an owner's first")
    #expect(store.health.isWell)
  }
}
