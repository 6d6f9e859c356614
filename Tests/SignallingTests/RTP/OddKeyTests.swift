import TestSupport
import Testing

@testable import Signalling

/// Keys as other people's peers send them: each press counts once.
@Suite struct OddKeyTests {
  /// One packet: code, end, duration, timestamp; the next number and 20 ms later, or what `after` says.
  private struct Step {
    var code: UInt8
    var isEnd = false
    var duration: UInt16
    var timestamp: UInt32
    var after = 20
    var sequence: UInt16?
  }

  private static func heard(_ steps: [Step]) -> String {
    var receiver = TelephoneEventReceiver()
    var now = Duration.seconds(10)
    var sequence: UInt16 = 65_530
    var keys: [Character] = []
    for step in steps {
      for _ in 0..<step.after / 20 {
        now += .milliseconds(20)
        if let press = receiver.expire(at: now) { keys.append(press.digit.character) }
      }
      sequence &+= UInt16(max(1, step.after / 20))
      let event = TelephoneEvent(code: step.code, isEnd: step.isEnd, duration: step.duration)
      let number = step.sequence ?? sequence
      if let press = receiver.receive(event, sequence: number, timestamp: step.timestamp, at: now) {
        keys.append(press.digit.character)
      }
    }
    if let press = receiver.expire(at: now + .seconds(1)) { keys.append(press.digit.character) }
    return String(keys)
  }

  private static func begin(_ code: UInt8, _ timestamp: UInt32, after: Int = 20) -> [Step] {
    (1...5).map { number in
      Step(code: code, duration: UInt16(160 * number), timestamp: timestamp, after: number == 1 ? after : 20)
    }
  }

  private static func end(_ code: UInt8, _ timestamp: UInt32, _ duration: UInt16 = 800) -> Step {
    Step(code: code, isEnd: true, duration: duration, timestamp: timestamp)
  }

  private static func press(_ code: UInt8, _ timestamp: UInt32, after: Int = 20) -> [Step] {
    begin(code, timestamp, after: after) + (0..<3).map { _ in end(code, timestamp) }
  }

  @Test(arguments: [[0, 160, 320], [800, 960, 1_120], [160, 320, 480]] as [[UInt32]])
  func `end packets with timestamps of their own are one press`(offsets: [UInt32]) {
    let one: [Step] = Self.begin(1, 5_000) + offsets.map { Self.end(1, 5_000 + $0) }
    #expect(Self.heard(one) == "1")
    // The same key again, by the same peer.
    let again: [Step] = Self.begin(1, 8_000, after: 100) + offsets.map { Self.end(1, 8_000 + $0) }
    #expect(Self.heard(one + again) == "11")
  }

  @Test func `a timestamp of its own on every packet is one press`() {
    var packets: [Step] = []
    for number in 0..<5 {
      packets.append(Step(code: 4, duration: UInt16(160 * number + 160), timestamp: UInt32(9_000 + 160 * number)))
    }
    packets += [Self.end(4, 9_800), Self.end(4, 9_960)]
    #expect(Self.heard(packets) == "4")
  }

  @Test func `keys that share a timestamp are as many as were pressed`() {
    #expect(Self.heard(Self.press(2, 7_000) + Self.press(0, 7_000, after: 100)) == "20")
    #expect(Self.heard(Self.press(2, 7_000) + Self.press(2, 7_000, after: 100)) == "22")
    #expect(Self.heard(Self.begin(2, 7_000) + Self.press(0, 7_000, after: 40)) == "20", "the end was lost")
    #expect(Self.heard(Self.begin(2, 7_000) + Self.press(2, 7_000, after: 40)) == "22", "the end was lost")
  }

  @Test func `a clock that steps back loses no key`() {
    #expect(Self.heard(Self.press(5, 900_000) + Self.press(6, 4_000) + Self.press(6, 2_000)) == "566")
    #expect(Self.heard(Self.begin(5, 900_000) + Self.press(5, 4_000, after: 200)) == "55")
  }

  @Test func `packets that were overtaken say nothing new`() {
    let late = Step(code: 3, duration: 320, timestamp: 1_000, sequence: 65_533)
    #expect(Self.heard(Self.press(3, 1_000) + [late]) == "3")
    #expect(Self.heard(Self.press(3, 1_000) + Self.begin(4, 3_000) + [late] + [Self.end(4, 3_000)]) == "34")
  }

  @Test func `numbers that begin anew lose no key`() {
    var second = Self.press(8, 6_000)
    for index in second.indices { second[index].sequence = UInt16(30_000 + index) }
    #expect(Self.heard(Self.press(7, 1_000) + second) == "78")
  }

  @Test func `a press of ten seconds is one press in two events`() {
    let first: [Step] = (1...408).map { Step(code: 9, duration: UInt16(160 * $0), timestamp: 1_000) }
    let rest: [Step] = (1...90).map { Step(code: 9, duration: UInt16(160 * $0), timestamp: 66_535) }
    let packets = first + rest + [Self.end(9, 66_535, 14_400)]
    #expect(Self.heard(packets) == "9")
  }

  @Test func `only the ends of two presses are two, apart in time`() {
    #expect(Self.heard([Self.end(1, 1_000), Self.end(2, 3_000), Self.end(2, 9_000)]) == "122")
    var later = Self.end(1, 1_800)
    later.after = 140
    #expect(Self.heard([Self.end(1, 1_000), later]) == "11")
  }
}

@Suite struct KeyAdmissionTests {
  private static func at(_ milliseconds: Int) -> Duration { .milliseconds(milliseconds) }

  @Test func `one press on two ways counts once, whichever comes first`() {
    for (first, second) in [(KeyAdmission.Way.event, KeyAdmission.Way.info), (.info, .event)] {
      var keys = KeyAdmission()
      var counted = ""
      for (number, digit) in [TelephoneDigit.d1, .d1, .d2, .pound].enumerated() {
        for (way, delay) in [(first, 0), (second, 100)] {
          let now = Self.at(number * 400 + delay)
          if keys.admit(digit, by: way, at: now) { counted.append(digit.character) }
        }
      }
      #expect(counted == "112#" && keys.repeated == 4 && keys.refused == 0)
    }
  }

  @Test func `presses on one way are as many as come`() {
    for way in [KeyAdmission.Way.event, .info] {
      var keys = KeyAdmission()
      let counted = (0..<5).count { keys.admit(.d7, by: way, at: Self.at($0 * 150)) }
      #expect(counted == 5 && keys.repeated == 0)
    }
  }

  @Test func `another key, and the same one much later, are no copies`() {
    var keys = KeyAdmission()
    let counted = [
      keys.admit(.d7, by: .event, at: Self.at(0)), keys.admit(.d8, by: .info, at: Self.at(100)),
      keys.admit(.d7, by: .info, at: Self.at(2_001)), keys.admit(.d8, by: .event, at: Self.at(2_100)),
      keys.admit(.d9, by: .info, at: Self.at(5_000)),
      keys.admit(.d9, by: .event, lasting: .seconds(4), at: Self.at(10_000)),
    ]
    #expect(counted == [true, true, true, false, true, false])
  }

  @Test func `twenty keys a second are heard and not more`() {
    var keys = KeyAdmission()
    var counted = (0..<500).count { keys.admit(.d1, by: .event, at: Self.at($0 / 10)) }
    #expect(counted == 20 && keys.refused == 480)
    // 10 s at five times the rate: a second's worth at once, and then one in 50 ms.
    counted = (0..<1_000).count { keys.admit(.d1, by: .info, at: Self.at(60_000 + $0 * 10)) }
    #expect(219...220 ~= counted)
  }

  @Test func `keys of both ways share one budget`() {
    var keys = KeyAdmission()
    let byEvent = (0..<30).count { _ in keys.admit(.d1, by: .event, at: Self.at(0)) }
    let byInfo = (0..<30).count { _ in keys.admit(.d2, by: .info, at: Self.at(0)) }
    #expect(byEvent == 20 && byInfo == 0 && keys.refused == 40)
  }

  @Test func `two thousand keys a call are heard and not more`() {
    var budget = KeyBudget()
    let counted = (0..<3_000).count { budget.take(at: Self.at($0 * 60)) }
    #expect(counted == 2_000 && budget.refused == 1_000)
  }
}
