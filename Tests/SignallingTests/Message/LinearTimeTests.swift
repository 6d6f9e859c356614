import Glibc
import TestSupport
import Testing

@testable import Signalling

/// What strangers send costs in proportion to its length: eight times as much takes about eight times the processor time of this
/// thread, and not sixty-four times. Compared within one run, so that the machine's speed and load do not matter.
@Suite(.serialized) struct LinearTimeTests {
  /// Nanoseconds of this thread's processor; the least of several runs.
  static func cost(_ body: () -> Void) -> Double {
    func clock() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
    return (0..<3).map { _ in
      let start = clock()
      body()
      return clock() - start
    }.min() ?? 0
  }

  static func growth(_ body: (_ count: Int) -> Void) -> Double {
    let small = cost { body(1) }
    return cost { body(8) } / small
  }

  @Test func `a stream of keep-alives is cut in linear time`() {
    let growth = Self.growth { factor in
      var framer = StreamFramer()
      framer.append(Array(repeating: [13, 10, 13, 10], count: 16_384 * factor).joined())
      do { while try framer.next() != nil {} } catch { Issue.record("the stream failed") }
    }
    #expect(growth < 24, "eight times the octets take \(growth) times as long")
  }

  @Test func `a frame is cut off the same stream at the same cost, however much waits behind it`() {
    func cost(waiting: Int) -> Double {
      let stream = Array(repeating: [13, 10, 13, 10] as [UInt8], count: 2_048).joined()
      let rest = [UInt8](repeating: 120, count: waiting)
      return Self.cost {
        var framer = StreamFramer()
        framer.append(Array(stream) + rest)
        do {
          for _ in 0..<2_048 { if try framer.next() != .keepAlive { Issue.record("no keep-alive") } }
        } catch {
          Issue.record("the stream failed")
        }
      }
    }
    let growth = cost(waiting: 4_000_000) / cost(waiting: 4)
    #expect(growth < 8, "a million times as much behind them: \(growth) times the time")
  }

  @Test func `a fold is joined at the same cost, however long its line is already`() {
    var limits = SIPLimits()
    limits.line = 4_000_000
    limits.message = 4_000_000
    func cost(folds: Int) -> Double {
      let head = Array((Samples.invite + "\nSubject: a").replacing("\n", with: "\r\n").utf8)
      let line = [UInt8](repeating: 120, count: 500_000)
      let bytes = head + line + Array(repeating: Array("\r\n b".utf8), count: folds).joined() + [13, 10, 13, 10]
      return Self.cost { _ = HeaderBlock.read(bytes[...], limits: limits) }
    }
    // Most of the time goes to the octets of the line itself, so that it takes many folds to be seen.
    let growth = cost(folds: 32_768) / cost(folds: 64)
    #expect(growth < 12, "512 times the folds of a long line: \(growth) times the time")
  }

  @Test func `a header of many folds is read in linear time`() throws {
    var limits = SIPLimits()
    limits.line = 4_000_000
    limits.message = 4_000_000
    let growth = Self.growth { factor in
      let head = Array((Samples.invite + "\nSubject: a").replacing("\n", with: "\r\n").utf8)
      let folds = Array(repeating: Array("\r\n b".utf8), count: 4_096 * factor).joined()
      _ = HeaderBlock.read((head + folds + [13, 10, 13, 10])[...], limits: limits)
    }
    #expect(growth < 24, "eight times the folds take \(growth) times as long")
  }

  @Test func `a datagram from an address that was never seen costs the same, however many are remembered`() {
    let growth = Self.growth { factor in
      var limiter = RateLimiter(rate: RequestRate(perSecond: 1, burst: 60), capacity: 1_024 * factor)
      for number in 0..<(4_096 * factor) {
        _ = limiter.admit(IPAddress(v4: UInt32(number)), at: .milliseconds(number / (64 * factor)))
      }
    }
    #expect(growth < 24, "eight times the sources take \(growth) times as long")
  }
}
