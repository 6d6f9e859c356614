import TestSupport
import Testing

@testable import Signalling

@Suite struct StreamFramerTests {
  static func framed(_ body: String) -> [UInt8] {
    Samples.message(Samples.invite + "\nContent-Length: \(body.utf8.count)", body: body)
  }

  @Test func `messages come out whole however the stream is split`() throws {
    let first = Self.framed("hello")
    let second = Self.framed("")
    let stream = first + [13, 10, 13, 10] + second + [13, 10] + first
    for size in [1, 2, 3, 7, 50, 5_000] {
      var framer = StreamFramer()
      var frames: [StreamFramer.Frame] = []
      for start in stride(from: 0, to: stream.count, by: size) {
        framer.append(stream[start..<min(start + size, stream.count)])
        while let frame = try framer.next() { frames.append(frame) }
      }
      #expect(frames == [.message(first), .keepAlive, .message(second), .message(first)], "chunks of \(size)")
      #expect(framer.buffered == 0)
    }
  }

  @Test func `a stream that cannot be framed fails for good`() throws {
    let lengths = [
      "", "\nContent-Length: x", "\nContent-Length: 70000", "\nContent-Length: 0\nContent-Length: 5",
      "\nl: 0\nContent-Length: 0",
    ]
    for text in lengths.map({ Samples.invite + $0 }) {
      var framer = StreamFramer()
      framer.append(Samples.message(text))
      #expect(try framer.next() == .unusable(Samples.message(text)), "its head may be answered")
      #expect(throws: SignallingError.self) { try framer.next() }
      framer.append(Self.framed(""))
      #expect(throws: SignallingError.self) { try framer.next() }
      #expect(framer.buffered == 0)
    }
  }

  @Test func `a message whose head and body together are too large is not waited for`() throws {
    let head = Samples.message(Samples.invite + "\nContent-Length: 65500")
    var framer = StreamFramer()
    framer.append(head)
    #expect(try framer.next() == .unusable(head))
    let most = 65_536 - head.count
    let longest = Samples.message(
      Samples.invite + "\nContent-Length: \(most)", body: String(repeating: "x", count: most))
    framer = StreamFramer()
    framer.append(longest)
    #expect(longest.count == 65_536)
    #expect(try framer.next() == .message(longest), "the longest that is allowed comes out whole")
  }

  @Test func `an endless header is cut off`() throws {
    var framer = StreamFramer()
    var failed = false
    for _ in 0..<200 where !failed {
      framer.append(Array(repeating: UInt8(ascii: "x"), count: 1_000))
      do { _ = try framer.next() } catch { failed = true }
    }
    #expect(failed)
    #expect(framer.buffered == 0)
  }

  @Test func `random streams never trap and stay bounded`() {
    var generator = Seeded(2)
    for _ in 0..<400 {
      var framer = StreamFramer()
      let stream = generator.mutated(Self.framed("abc") + Self.framed("defg"))
      var start = 0
      while start < stream.count {
        let end = min(stream.count, start + Int.random(in: 1...200, using: &generator))
        framer.append(stream[start..<end])
        start = end
        do { while try framer.next() != nil {} } catch { break }
      }
      #expect(framer.buffered <= 65_536)
    }
  }
}
