import Core
import Testing

@testable import Language

@Suite struct `Hours with a part of the day` {
  static let context = ReadingContext(today: CivilDate(daysSinceEpoch: 20_523), minuteOfDay: 600)

  @Test(arguments: [
    ("eight in the evening", "20:00"), ("8 at night", "20:00"), ("nine o'clock in the evening", "21:00"),
    ("half past seven in the evening", "19:30"), ("three in the afternoon", "15:00"), ("six in the morning", "06:00"),
    ("tomorrow evening at eight", "20:00"), ("in the afternoon at three o'clock", "15:00"), ("two at night", "02:00"),
    ("twelve at night", "00:00"), ("twelve in the evening", "00:00"), ("twelve noon", "12:00"),
    ("12 midnight", "00:00"), ("good evening, nine o'clock please", "09:00"), ("good morning, at three", "15:00"),
    ("good morning, three in the afternoon", "15:00"), ("eleven at night", "23:00"),
    ("I called this morning, three in the afternoon please", "15:00"), ("tonight at seven", "19:00"),
    ("quarter to nine tonight", "20:45"),
  ])
  func `are read whole`(_ text: String, _ time: String) {
    #expect(SlotReader.read(text, as: .time, context: Self.context).first?.value == .text(time))
  }

  @Test(arguments: [
    "the day after", "no, the day after", "the following day please", "how about the next day", "a day later",
    "the day after that would be good",
  ])
  func `a day told from another one is known as such`(_ text: String) {
    #expect(OtherDay.isAll(of: text, locale: .americanEnglish))
  }

  @Test(arguments: ["tomorrow", "the day after tomorrow", "the day after friday", "no", "another day", ""])
  func `any other day is not`(_ text: String) {
    #expect(!OtherDay.isAll(of: text, locale: .americanEnglish))
  }

  static let hours = SlotGrammar.choice([
    SlotChoice(value: "morning", synonyms: ["in the morning", "eight o'clock", "at eight", "eight", "8", "8:00"]),
    SlotChoice(value: "afternoon", synonyms: ["in the afternoon", "noon", "one o'clock"]),
    SlotChoice(value: "h09", synonyms: ["nine o'clock", "nine", "9"]),
    SlotChoice(value: "h15", synonyms: ["three o'clock", "at three"]),
  ])

  @Test(arguments: [
    "eight in the evening", "8 at night", "at eight o'clock in the evening", "8 pm", "eight p.m.",
    "nine in the evening",
    "nine tonight", "in the evening at eight",
  ])
  func `are no choice of another half of the day`(_ text: String) {
    #expect(SlotReader.read(text, as: Self.hours, context: Self.context).isEmpty)
  }

  @Test(arguments: [
    "before nine", "before nine o'clock", "after nine", "nine or three", "between nine and eleven",
    "nine at the latest",
    "not before three o'clock", "from three o'clock on",
  ])
  func `are asked about where they bound what is meant`(_ text: String) {
    let read = SlotReader.read(text, as: Self.hours, context: Self.context)
    #expect(read.allSatisfy { $0.confidence.permille < 500 })
  }

  @Test(arguments: [
    ("three in the afternoon", "h15"), ("nine in the morning", "h09"), ("eight in the morning", "morning"),
    ("at three in the afternoon", "h15"), ("eight", "morning"), ("in the morning", "morning"),
    ("six in the morning", "morning"), ("3 pm", "h15"), ("one in the afternoon", "afternoon"),
  ])
  func `are the choice that is called by their hour`(_ text: String, _ value: String) {
    let read = SlotReader.read(text, as: Self.hours, context: Self.context).first
    #expect(read?.value == .text(value))
    #expect((read?.confidence.permille ?? 0) >= 900)
  }
}
