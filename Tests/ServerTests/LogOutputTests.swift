import Foundation
import Testing

@testable import Server

@Suite struct `Log lines` {
  @Test func `that nobody reads hold nobody up, and are bounded`() throws {
    let pipe = Pipe()
    let output = LogOutput(pipe.fileHandleForWriting)
    // Far more than a pipe holds (64 KB) and than may wait: a writer that waits would be here for ever.
    let line = Data((String(repeating: "x", count: 99) + "\n").utf8)
    for _ in 0..<20_000 { output.write(line) }
    let reading = Thread { [output] in
      output.flush()
      try? pipe.fileHandleForWriting.close()
    }
    reading.start()
    let text = String(decoding: try #require(try pipe.fileHandleForReading.readToEnd()), as: UTF8.self)
    let lines = text.split(separator: "\n")
    let whole = lines.count { $0.utf8.count == 99 }
    let dropped = lines.compactMap { line -> Int? in
      line.contains("were dropped") ? line.split { !$0.isNumber }.first.flatMap { Int($0) } : nil
    }
    #expect(whole >= LogOutput.limit && dropped.reduce(whole, +) == 20_000)
  }

  @Test func `come in their order`() throws {
    let pipe = Pipe()
    let output = LogOutput(pipe.fileHandleForWriting)
    for number in 0..<500 { output.write(Data("\(number)\n".utf8)) }
    output.flush()
    try pipe.fileHandleForWriting.close()
    let text = String(decoding: try #require(try pipe.fileHandleForReading.readToEnd()), as: UTF8.self)
    #expect(text.split(separator: "\n").map(String.init) == (0..<500).map(String.init))
  }
}
