import Audio
import Core
import Testing

struct SoundOnsetTests {
  /// Windows of 20 ms: L loud, s silent; the beginning of a voice at the end.
  private static func begin(_ letters: String) -> Int {
    var onset = SoundOnset()
    let windows = letters.filter { $0 != " " }
    for (index, letter) in windows.enumerated() {
      if letter == "R" {
        onset.reset()
      } else {
        onset.step(level: letter == "L" ? -20 : -60, start: milliseconds(index * 20), length: .milliseconds(20))
      }
    }
    return Int((onset.begin(ofVoiceAt: milliseconds(windows.count * 20)) - CallInstant.zero).microseconds / 1_000)
  }

  @Test(arguments: [
    // a word that was missed, and the gap behind it
    ("ssssLLLLLLLLLLssss", 80), ("ssss", 80), ("", 0),
    // what lies too far back is another sound
    ("LLLL ssssssssssssssssssssss LLss", 520), ("LLLL ssssssssssssssssssssss", 520),
    // the agent's own sound does not count
    ("LLLLLLLLRLLss", 180), ("LLLLLLRss", 180),
  ])
  func `a voice begins where its sound began`(letters: String, expected: Int) {
    #expect(Self.begin(letters) == expected)
  }

  @Test func `a noise that never stops is not a missed word`() {
    #expect(Self.begin(String(repeating: "L", count: 60)) == 0)
    #expect(Self.begin(String(repeating: "L", count: 62)) == 1_240)
  }
}
