import Dispatch
import Foundation
import Logging
import Synchronization
import Testing

@testable import Server

@Suite("The log", .timeLimit(.minutes(10)))
struct LogTests {
  /// A terminal that takes nothing until it is let go.
  final class StuckTerminal: Sendable {
    let written = Mutex<[String]>([])
    private let gate = DispatchSemaphore(value: 0)
    private let reached = DispatchSemaphore(value: 0)
    private let isStuck = Mutex(true)

    func write(_ bytes: Data) {
      if isStuck.withLock({ $0 }) {
        reached.signal()
        gate.wait()
      }
      written.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
    }

    func waitUntilStuck() { reached.wait() }

    func letGo() {
      isStuck.withLock { $0 = false }
      gate.signal()
    }

    func fields() throws -> [[String: String]] {
      try written.withLock(\.self).map { try JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }
    }
  }

  func logger(_ writer: LogWriter) -> Logger {
    Logger(label: "test") { JSONLogHandler(label: $0, level: .info, writer: writer) }
  }

  @Test func `never waits for a terminal that takes nothing, and says what it dropped`() throws {
    let terminal = StuckTerminal()
    let writer = LogWriter(capacity: 100) { terminal.write($0) }
    defer { writer.close() }
    let logger = logger(writer)
    logger.info("first")
    terminal.waitUntilStuck()
    for number in 0..<1_000 { logger.info("\(number)") }
    #expect(!writer.flush(within: .milliseconds(1)))
    terminal.letGo()
    #expect(writer.flush(within: .seconds(300)))
    let fields = try terminal.fields()
    #expect(Array(fields.compactMap { $0["message"] }.prefix(101)) == ["first"] + (0..<100).map { String($0) })
    #expect(fields.count == 102)
    #expect(fields.last?["dropped"] == "900")
    #expect(fields.last?["level"] == "warning")
    logger.info("after")
    #expect(writer.flush(within: .seconds(300)))
    #expect(try terminal.fields().last?["message"] == "after")
  }

  @Test func `has every line of many threads, each thread's in order`() throws {
    let terminal = StuckTerminal()
    terminal.letGo()
    let writer = LogWriter(capacity: 10_000) { terminal.write($0) }
    defer { writer.close() }
    let logger = logger(writer)
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for number in 0..<500 { logger.info("\(number)", metadata: ["thread": "\(thread)"]) }
    }
    #expect(writer.flush(within: .seconds(300)))
    let fields = try terminal.fields()
    for thread in 0..<4 {
      #expect(
        fields.filter { $0["thread"] == "\(thread)" }.compactMap { $0["message"] } == (0..<500).map { String($0) })
    }
  }

  @Test(arguments: ["\u{1B}]0;owned\u{07}", "\u{9B}2J", "\u{202E}moc", "a\r\nb\u{7F}"])
  func `shows what a peer sent as codes, and as the same value`(sent: String) throws {
    let line = LogLine(level: .info, label: "test", message: sent, metadata: ["agent": "\(sent)"]).bytes
    let text = String(decoding: line, as: UTF8.self)
    #expect(text.unicodeScalars.dropLast().allSatisfy { (0x20..<0x7F).contains($0.value) })
    let fields = try JSONDecoder().decode([String: String].self, from: line)
    #expect(fields["message"] == sent && fields["agent"] == sent)
  }
}
