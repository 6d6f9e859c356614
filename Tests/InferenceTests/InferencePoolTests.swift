import Dispatch
import Synchronization
import Testing

@testable import Inference

/// Work of these tests waits at a gate, so that what queues behind it is known.
@Suite("The inference pool", .timeLimit(.minutes(1)))
struct InferencePoolTests {
  let later = ContinuousClock.now + .seconds(600)

  /// Occupies the pool's only thread until the gate opens.
  func occupy(_ pool: InferencePool, _ priority: InferencePriority = .final, until gate: Gate) async -> Task<
    Void, any Error
  > {
    let task = Task { [later] in try await pool.run(priority, deadline: later) { _ in gate.enter() } }
    await gate.entered()
    return task
  }

  /// Queues work and returns once the pool's line has it.
  func queue<Value: Sendable>(
    on pool: InferencePool, _ priority: InferencePriority, deadline: ContinuousClock.Instant? = nil,
    _ body: @escaping @Sendable (InferenceTicket) throws -> Value
  ) async -> Task<Value, any Error> {
    let before = pool.statistics.waiting
    let task = Task { [later] in try await pool.run(priority, deadline: deadline ?? later, body) }
    while pool.statistics.waiting == before { await Task.yield() }
    return task
  }

  @Test func `gives the result and the error of its work`() async throws {
    let pool = InferencePool(threads: 1)
    #expect(try await pool.run(.final, deadline: later) { _ in 42 } == 42)
    await #expect(throws: InferenceError(.runFailed, "no")) {
      try await pool.run(.final, deadline: later) { _ in throw InferenceError(.runFailed, "no") }
    }
  }

  @Test func `serves finals before first sentences before the rest before partials`() async throws {
    let pool = InferencePool(threads: 1)
    let gate = Gate()
    let order = Mutex<[InferencePriority]>([])
    let first = await occupy(pool, until: gate)
    var tasks: [Task<Void, any Error>] = []
    for priority in InferencePriority.allCases {
      tasks.append(await queue(on: pool, priority) { _ in order.withLock { $0.append(priority) } })
    }
    gate.open()
    try await first.value
    for task in tasks { try await task.value }
    let served = order.withLock(\.self)
    #expect(served == [.final, .firstSentence, .ordinary, .partial])
  }

  @Test func `work that is cancelled while it waits never runs`() async throws {
    let pool = InferencePool(threads: 1)
    let gate = Gate()
    let first = await occupy(pool, until: gate)
    let ran = Atomic(false)
    let task = await queue(on: pool, .final) { _ in ran.store(true, ordering: .relaxed) }
    task.cancel()
    await #expect { try await task.value } throws: { ($0 as? InferenceError)?.kind == .cancelled }
    gate.open()
    try await first.value
    let hasRun = ran.load(ordering: .relaxed)
    #expect(!hasRun)
    #expect(pool.statistics.cancelled == 1)
  }

  @Test func `running work sees its cancellation at the next checkpoint`() async throws {
    let pool = InferencePool(threads: 1)
    let gate = Gate()
    let task = Task { [later] in
      try await pool.run(.final, deadline: later) { ticket in
        gate.enter()
        try ticket.checkpoint()
      }
    }
    await gate.entered()
    task.cancel()
    gate.open()
    await #expect { try await task.value } throws: { ($0 as? InferenceError)?.kind == .cancelled }
  }

  @Test func `a deadline that passed ends work before it waits, and work outside of any pool`() async throws {
    let pool = InferencePool(threads: 1)
    let gate = Gate()
    let first = await occupy(pool, until: gate)
    await #expect { try await pool.run(.final, deadline: .now) { _ in } } throws: {
      ($0 as? InferenceError)?.kind == .deadlineExceeded
    }
    #expect(pool.statistics.expired == 1)
    gate.open()
    try await first.value
    #expect(throws: InferenceError.self) { try InferenceTicket(deadline: .now).checkpoint() }
  }

  @Test func `a deadline ends waiting work at its instant while every thread is busy`() async throws {
    let time = ManualTime()
    let pool = InferencePool(threads: 1, time: time.inference)
    let gate = Gate()
    let first = await occupy(pool, until: gate)
    let ran = Atomic(false)
    let late = await queue(on: pool, .final, deadline: time.now + .milliseconds(700)) { _ in
      ran.store(true, ordering: .relaxed)
    }
    let patient = await queue(on: pool, .partial, deadline: time.now + .seconds(2)) { _ in "served" }
    await time.advance(by: .milliseconds(699), sleepers: 3)
    #expect(pool.statistics.waiting == 2 && pool.statistics.expired == 0)
    await time.advance(by: .milliseconds(1), sleepers: 3)
    await #expect { try await late.value } throws: { ($0 as? InferenceError)?.kind == .deadlineExceeded }
    #expect(pool.statistics.waiting == 1 && pool.statistics.expired == 1 && pool.statistics.busy == 1)
    gate.open()
    try await first.value
    #expect(try await patient.value == "served")
    let hasRun = ran.load(ordering: .relaxed)
    #expect(!hasRun)
  }

  @Test func `running work sees its deadline on the pool's clock`() async throws {
    let time = ManualTime()
    let pool = InferencePool(threads: 1, time: time.inference)
    let gate = Gate()
    let task = Task {
      try await pool.run(.final, deadline: time.now + .seconds(1)) { ticket in
        try ticket.checkpoint()
        gate.enter()
        try ticket.checkpoint()
      }
    }
    await gate.entered()
    await time.advance(by: .seconds(1), sleepers: 1)
    gate.open()
    await #expect { try await task.value } throws: { ($0 as? InferenceError)?.kind == .deadlineExceeded }
    #expect(pool.statistics.expired == 0)
  }

  @Test func `a running partial gives way to urgent work that finds no thread`() async throws {
    let pool = InferencePool(threads: 1)
    let gate = Gate()
    let partial = Task { [later] in
      try await pool.run(.partial, deadline: later) { ticket in
        try ticket.checkpoint()
        gate.enter()
        try ticket.checkpoint()
      }
    }
    await gate.entered()
    let final = await queue(on: pool, .final) { _ in "heard" }
    gate.open()
    await #expect { try await partial.value } throws: { ($0 as? InferenceError)?.kind == .preempted }
    #expect(try await final.value == "heard")
  }

  @Test func `a full line drops partials first and says so`() async throws {
    let pool = InferencePool(threads: 1, capacity: 1)
    let gate = Gate()
    let first = await occupy(pool, until: gate)
    let partial = await queue(on: pool, .partial) { _ in }
    let final = Task { [later] in try await pool.run(.final, deadline: later) { _ in "heard" } }
    await #expect { try await partial.value } throws: { ($0 as? InferenceError)?.kind == .dropped }
    await #expect { try await pool.run(.ordinary, deadline: later) { _ in } } throws: {
      ($0 as? InferenceError)?.kind == .dropped
    }
    gate.open()
    try await first.value
    #expect(try await final.value == "heard")
    #expect(pool.statistics.dropped == 2)
  }

  @Test func `closing fails what waits and lets running work finish`() async throws {
    let pool = InferencePool(threads: 1)
    let gate = Gate()
    let first = await occupy(pool, until: gate)
    let waiting = await queue(on: pool, .final) { _ in }
    pool.close()
    await #expect { try await waiting.value } throws: { ($0 as? InferenceError)?.kind == .closed }
    gate.open()
    try await first.value
    await #expect { try await pool.run(.final, deadline: later) { _ in } } throws: {
      ($0 as? InferenceError)?.kind == .closed
    }
  }
}

/// A gate that work on a thread waits at, and a test opens.
final class Gate: Sendable {
  private let gate = DispatchSemaphore(value: 0)
  private let stream = AsyncStream.makeStream(of: Void.self)

  func enter() {
    stream.continuation.yield()
    gate.wait()
  }

  func open() { gate.signal() }

  func entered() async {
    var iterator = stream.stream.makeAsyncIterator()
    _ = await iterator.next()
  }
}
