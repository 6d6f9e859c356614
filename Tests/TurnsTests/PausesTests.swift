import Core
import Testing

@testable import Turns

@Suite struct `The pauses of a caller` {
  private static let begun = words("I would like to ask")
  private static let usual = VoiceDefaults().endOfTurnNormal.milliseconds
  private static let uncertain = VoiceDefaults().endOfTurnUncertain.milliseconds

  /// How long after the end of the voice a turn of open words ends.
  private func wait(_ floor: inout Floor) -> Int {
    floor.say(Self.begun, wordsAfter: 100)
    for waited in stride(from: 300, through: 3_000, by: 10) {
      if !floor.wait(10).isEmpty { return waited + 10 }
    }
    return .max
  }

  /// Open words, a pause, and more of them, in one turn.
  private func pausing(_ milliseconds: Int, _ floor: inout Floor) {
    floor.say(Self.begun, wordsAfter: 100)
    floor.wait(milliseconds - 300)
    floor.say(Self.begun, wordsAfter: 100)
    floor.wait(2_000)
  }

  @Test func `are waited for when they were seen, and forgotten when they are not seen again`() {
    var floor = Floor()
    #expect(wait(&floor) == Self.usual)
    floor.wait(3_000)
    pausing(Self.usual - 120, &floor)
    let longer = wait(&floor)
    #expect(longer > Self.usual && longer <= Self.usual + 30)
    var waits: [Int] = []
    for _ in 0..<8 {
      floor.wait(3_000)
      waits.append(wait(&floor))
    }
    #expect(waits == waits.sorted(by: >) && waits.last == Self.usual, "\(waits)")
  }

  @Test func `that cut a turn are learnt, and never wait longer than half the way to the longest`() {
    var floor = Floor()
    _ = wait(&floor)
    // The caller goes on sooner than anybody answers.
    floor.wait(300)
    let learnt = wait(&floor)
    #expect(learnt > Self.usual + 300, "\(learnt)")
    #expect(learnt <= (Self.usual + Self.uncertain) / 2)
  }

  @Test func `are not what a caller takes to answer, nor what lies between the parts of a number`() {
    var floor = Floor()
    _ = wait(&floor)
    floor.wait(450)
    #expect(wait(&floor) == Self.usual)
    floor = Floor()
    floor.say(words("1 2 3 4", .content, .incomplete))
    floor.wait(1_200)
    floor.say(words("1 2 3 4 5 6 7 8", .content, .complete))
    floor.wait(3_000)
    #expect(wait(&floor) == Self.usual)
  }
}
