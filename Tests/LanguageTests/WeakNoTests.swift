import Core
import Testing

@testable import Language

@Suite struct `A weak no` {
  func read(_ text: String) -> SlotReading? {
    let context = ReadingContext(today: CivilDate(daysSinceEpoch: 20_523), minuteOfDay: 600)
    return SlotReader.read(text, as: .yesNo, context: context).first
  }

  @Test(arguments: [
    "not really", "I don't think so", "I dont think so", "not that I know of", "no, not really", "well, not really",
    "no, I don't think so", "I guess not", "probably not", "not quite", "not as far as I know",
    "okay, I don't think so",
    "um, not that I'm aware of", "not to my knowledge",
  ])
  func `is a no that is not sure`(_ text: String) {
    let reading = read(text)
    #expect(reading?.value == .bool(false))
    #expect((reading?.confidence ?? .certain) <= YesNoAnswer.doubted)
  }

  @Test(arguments: ["hardly", "I can hardly breathe", "barely", "not sure", "I don't know", "a little", "sometimes"])
  func `is none where the words say less`(_ text: String) { #expect(read(text) == nil) }

  @Test(arguments: ["no", "no, nothing like that", "not at all", "none", "no thank you", "I don't", "certainly not"])
  func `is none when it is clear`(_ text: String) {
    #expect(read(text)?.value == .bool(false))
    #expect((read(text)?.confidence.permille ?? 0) >= 700)
  }
}
