import Core
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Calls

/// Lines of a log, kept.
final class KeptLog: Sendable {
  struct Line: Sendable {
    let level: Logger.Level
    let message: String
    let metadata: Logger.Metadata
  }
  private struct Handler: LogHandler {
    let log: KeptLog
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
      let line = Line(level: event.level, message: event.message.description, metadata: event.metadata ?? [:])
      log.lines.withLock { $0.append(line) }
    }
  }
  private let lines = Mutex<[Line]>([])

  var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }
  var all: [Line] { lines.withLock { $0 } }
  func lines(of engine: String) -> [Line] { all.filter { $0.metadata["engine"] == .string(engine) } }
}

@Suite struct `An engine that does not do its work` {
  @Test func `is a line of the log, whatever the caller is told`() async throws {
    let log = KeptLog()
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .fails), understander: FakeUnderstander(.fails), log: log)
    try await studio.greet()
    for _ in 0..<3 {
      await studio.speak(600)
      await studio.pass(4_000)
    }
    let lines = log.lines(of: "recognizer")
    #expect(lines.count == 1 && lines.first?.level == .warning, "once, however often it fails")
    #expect(lines.first?.metadata["hint"] != nil && lines.first?.metadata["reason"] != nil)
  }

  @Test func `at understanding is one too`() async throws {
    let log = KeptLog()
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .gives("where is my parcel")), understander: FakeUnderstander(.fails), log: log
    )
    try await studio.greet()
    await studio.speak(600)
    await studio.pass(6_000)
    #expect(log.lines(of: "understanding").count == 1)
    #expect(!log.all.contains { "\($0.metadata)".contains("parcel") })
  }

  @Test func `at speaking is one, with or without another voice`() async throws {
    for hasFallback in [true, false] {
      let log = KeptLog()
      let studio = try Studio(synthesizer: FakeSynthesizer(.fails), hasFallback: hasFallback, log: log)
      try await studio.connect()
      await studio.pass(3_000)
      let lines = log.lines(of: hasFallback ? "synthesizer" : "every synthesizer")
      #expect(lines.count == 1 && lines.first?.level == (hasFallback ? .warning : .error), "\(hasFallback)")
      // On a busy machine the other voice may be late besides.
      #expect(log.all.count { $0.metadata["reason"] != "late" } == 1)
    }
  }

  @Test func `at a back end is one by the tool's name, and what it refuses is none`() {
    let log = KeptLog()
    let watch = EngineWatch(logger: log.logger)
    let outcomes: [ToolOutcome] = [
      .completed([:]), .refused("no_such_order"), .failed(.badArgument), .failed(.forbidden),
    ]
    for outcome in outcomes { watch.gave(outcome, of: "find_order") }
    #expect(log.all.isEmpty)
    for outcome in [ToolOutcome.unknown, .failed(.timedOut), .failed(.unreachable), .failed(.backEndError)] {
      watch.gave(outcome, of: "find_order")
    }
    watch.gave(.failed(.badAnswer), of: "change_address")
    #expect(log.lines(of: "tool find_order").count == 1 && log.lines(of: "tool change_address").count == 1)
  }

  @Test func `is told to be late also when it gave something in the end, or was given up then`() {
    let now = ContinuousClock.now
    for event in 0..<3 {
      let log = KeptLog()
      let watch = EngineWatch(logger: log.logger)
      switch event {
      case 0: watch.gave(.recognizer, deadline: now, at: now + .milliseconds(1_234))
      case 1: watch.failed(.recognizer, CancellationError(), deadline: now, at: now + .milliseconds(1_234))
      default: watch.failed(.recognizer, Failure(), deadline: now, at: now + .milliseconds(1_234))
      }
      let line = log.all.first
      #expect(line?.metadata["reason"] == "late" && line?.metadata["late_ms"] == "1234", "\(event)")
      #expect(line?.metadata["hint"]?.description.contains("fewer calls") == true)
    }
    let log = KeptLog()
    EngineWatch(logger: log.logger).failed(.recognizer, CancellationError(), deadline: now + .seconds(2), at: now)
    #expect(log.all.isEmpty, "work that was given up in time is nobody's failure")
  }

  @Test func `that comes and goes is told once, and again when it worked for a while`() {
    let log = KeptLog()
    let watch = EngineWatch(logger: log.logger)
    let start = ContinuousClock.now
    func step(_ second: Int, works: Bool) {
      let now = start + .seconds(second)
      if works {
        watch.gave(.recognizer, deadline: now, at: now)
      } else {
        watch.failed(.recognizer, Failure(), deadline: now + .seconds(1), at: now)
      }
    }
    for second in 0..<120 { step(second, works: second.isMultiple(of: 2)) }
    #expect(log.all.count == 1)
    for second in 120..<200 { step(second, works: true) }
    #expect(log.all.count == 2 && log.all.last?.level == .notice && log.all.last?.metadata["failures"] == "60")
    step(200, works: false)
    #expect(log.all.count == 3)
    watch.gave(.understanding, deadline: start, at: start)
    #expect(log.all.count == 3, "each by itself")
  }

  @Test func `at guesses alone is told too, when none of many came`() async throws {
    let log = KeptLog()
    let studio = try Studio(recognizer: FakeRecognizer(finals: .gives("a story"), partials: [.fails]), log: log)
    try await studio.connect()
    await studio.pass(until: "what must be heard is over") {
      $0.playbacks.last?.state == .started && $0.playbacks.count == 3
    }
    studio.port.callerLevel = 4_000
    for _ in 0..<600 where log.all.isEmpty {
      await studio.pass(20)
      await studio.settle()
    }
    let line = try #require(log.lines(of: "recognizer at guesses").first)
    #expect(line.level == .warning && log.all.count == 1)
    #expect(studio.recognizer.partials.asked.count >= 10)
  }

  @Test func `at some guesses only, which give way to other work, is none`() {
    let log = KeptLog()
    let watch = EngineWatch(logger: log.logger)
    let now = ContinuousClock.now
    for _ in 0..<5 {
      for _ in 0..<9 { watch.failed(.guesses, Failure(), deadline: now + .seconds(1), at: now) }
      watch.gave(.guesses, deadline: now, at: now)
    }
    #expect(log.all.isEmpty)
    for _ in 0..<20 { watch.failed(.guesses, Failure(), deadline: now + .seconds(1), at: now) }
    #expect(log.all.count == 1)
    watch.gave(.guesses, deadline: now + .seconds(40), at: now + .seconds(31))
    #expect(log.all.count == 2 && log.all.last?.metadata["failures"] == "20")
  }

  private struct Failure: Error {}
}
