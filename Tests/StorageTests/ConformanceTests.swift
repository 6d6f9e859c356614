import Core
import Storage
import TestSupport
import Testing

/// The database of one place; nothing becomes durable there before somebody waits for it.
private struct SQLiteBench: StoreBench {
  let files: TemporaryStore

  init() throws { files = try TemporaryStore() }

  func open() async throws -> SQLiteStore { try files.open(StoreOptions(gathering: .seconds(600))) }
}

private struct MemoryBench: StoreBench {
  private let disk = MemoryDisk()

  func open() async throws -> MemoryStore { MemoryStore(on: disk) }
}

private struct FaultyBench: StoreBench {
  let fault: StoreFault
  private let disk = MemoryDisk()

  init(_ fault: StoreFault) { self.fault = fault }

  func open() async throws -> FaultyStore { FaultyStore(MemoryStore(on: disk), fault) }
}

@Suite struct `What a store promises` {
  @Test(arguments: StoreConformance.clauses) func `is kept by the database`(_ clause: StoreClause) async throws {
    try await clause.check(SQLiteBench())
  }

  @Test(arguments: StoreConformance.clauses) func `is kept by a store in memory`(_ clause: StoreClause) async throws {
    try await clause.check(MemoryBench())
  }

  @Test(arguments: StoreFault.allCases) func `is seen not to be kept by a store with a fault`(
    _ fault: StoreFault
  ) async throws {
    let caught = await Self.clauses(against: fault)
    #expect(!caught.isEmpty, "\(fault) is not seen")
  }

  @Test func `has no clause that no fault breaks`() async {
    var unbroken = Set(StoreConformance.clauses.map(\.description))
    for fault in StoreFault.allCases { unbroken.subtract(await Self.clauses(against: fault)) }
    #expect(unbroken.isEmpty)
  }

  /// The clauses that a store with a fault breaks.
  private static func clauses(against fault: StoreFault) async -> [String] {
    var broken: [String] = []
    for clause in StoreConformance.clauses {
      do {
        try await clause.check(FaultyBench(fault))
      } catch {
        broken.append(clause.description)
      }
    }
    return broken
  }
}
