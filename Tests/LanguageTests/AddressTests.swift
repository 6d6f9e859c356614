import Core
import Testing

@testable import Language

@Suite struct `Addresses as callers say them` {
  func read(_ text: String) -> SlotReading? {
    let context = ReadingContext(today: CivilDate(daysSinceEpoch: 20_523), minuteOfDay: 600)
    return SlotReader.read(text, as: .address, context: context).first
  }

  @Test(arguments: [
    "the address", "the same as before", "my new one", "the same address", "my old address please", "the one on file",
    "where I live", "my home", "the office", "at my work address", "the usual one", "the address you have",
    "the one I gave you", "same as last time", "the other one", "it's the same", "the number is 8", "number 8",
    "the house number is 21",
  ])
  func `are none where words only point to one`(_ text: String) {
    #expect(read(text) == nil)
  }

  @Test(arguments: [
    "Rose Cottage, Bath", "5 Park Lane London", "6 Rose Street Bath", "21 Office Park Drive",
    "12 Number Nine Road Leeds",
    "flat 3, 6 Rose Street, Bath", "The Old House, Church Lane, York", "9 And Sons Yard, Hull",
  ])
  func `are whole where they are said`(_ text: String) {
    #expect(read(text)?.value == .text(text))
    #expect(read(text)?.coversWhole == true)
  }

  @Test(arguments: [
    ("5 Oak Street Bath and also tell me when it comes", "5 Oak Street Bath"),
    ("5 Oak Street, Bath, and can you tell me when it arrives", "5 Oak Street, Bath"),
    ("it's 14 Mill Lane Leeds and I want to know when it comes", "14 Mill Lane Leeds"),
    ("9 Station Road York and the order is 20581637", "9 Station Road York"),
    ("9 Station Road York for order 20581637", "9 Station Road York"),
    ("send it to 22 Baker Street London as well as the other one", "22 Baker Street London"),
    ("3 Oak Avenue Reading also please check my other order", "3 Oak Avenue Reading"),
  ])
  func `end where another wish begins`(_ text: String, _ address: String) {
    #expect(read(text)?.value == .text(address))
    #expect(read(text)?.coversWhole == false)
  }

  @Test(arguments: ["22 Baker Street London instead", "22 Baker Street London please", "to 22 Baker Street London now"])
  func `leave out what says nothing about where`(_ text: String) {
    #expect(read(text)?.value == .text("22 Baker Street London"))
  }

  @Test(arguments: [
    "is it far?", "what address do you have?", "which address do you have on file", "where do you deliver",
    "do you need the postcode too", "5 Oak Street Bath or 6 Elm Street Bath", "5 Oak Street or 6 Elm Street",
  ])
  func `are none where it is asked, or two are said`(_ text: String) { #expect(read(text) == nil) }

  @Test(arguments: [
    "from 5 Oak Street Bath to 6 Elm Street Leeds", "change it from 5 Oak Street, Bath, to 6 Elm Street Leeds",
  ])
  func `are the one that is gone to, where the old one is said as well`(_ text: String) {
    #expect(read(text)?.value == .text("6 Elm Street Leeds"))
    #expect(read(text)?.isCorrection == true)
  }

  @Test(arguments: [
    "6 Elm Street Leeds if that's ok", "6 Elm Street Leeds please, thanks", "6 Elm Street Leeds, and call me",
    "6 Elm Street Leeds, thank you so much", "6 Elm Street Leeds and call me when you are there",
    "6 Elm Street Leeds, if that's okay with you, thanks",
  ])
  func `stop where they end`(_ text: String) {
    #expect(read(text)?.value == .text("6 Elm Street Leeds"))
  }

  @Test(arguments: [
    "6 Elm \u{1B}[31mStreet\u{7} Leeds\u{202E}", "6 Elm <b>Street</b> Leeds", "6 Elm Street <script>Leeds",
    "6 Elm\u{200B} Street\nLeeds", "6 Elm Street Leeds", "<6 Elm Street> Leeds",
  ])
  func `and other words come without signs`(_ text: String) { #expect(PlainText.of(text) == "6 Elm Street Leeds") }

  @Test(arguments: ["Straße 5, Köln", "a & b", "5 O'Connell Street", ""])
  func `and other words stay as they are`(_ text: String) { #expect(PlainText.of(text) == text) }

  @Test(arguments: ["who are you people", "what?", "what", "pardon", "what do you mean"])
  func `and free answers are no questions back`(_ text: String) {
    let context = ReadingContext(today: CivilDate(daysSinceEpoch: 20_523), minuteOfDay: 600)
    #expect(SlotReader.read(text, as: .freeText, context: context).isEmpty)
  }

  @Test(arguments: [
    "really bad headache", "when I breathe", "why was it broken", "nothing", "none", "it is what it is",
  ])
  func `and free answers may open as questions do`(_ text: String) {
    let context = ReadingContext(today: CivilDate(daysSinceEpoch: 20_523), minuteOfDay: 600)
    #expect(SlotReader.read(text, as: .freeText, context: context).first?.value == .text(text))
  }

  static let mended: [(String, String, String)] = [
    ("5 Oak Street Bath", "no, I meant 21 Long Acre", "21 Long Acre, Bath"),
    ("5 Oak Street, Bath", "sorry, 7 Oak Street", "7 Oak Street, Bath"),
    ("5 Oak Street, Bath, BA1 2AB", "no, it's 6 Rose Lane", "6 Rose Lane, Bath"),
    ("6 Rose Street Bath", "the house number is 8", "8 Rose Street Bath"),
    ("6 Rose Street Bath", "no, the house number should be 8", "8 Rose Street Bath"),
    ("6 Rose Street, Bath", "make it 10", "10 Rose Street, Bath"),
    ("6 Rose Street, Bath", "no, 8, not 6", "8 Rose Street, Bath"),
    ("6 Rose Street, Bath", "the number is 8b", "8b Rose Street, Bath"),
    ("6 Rose Street, Bath", "the number should be twelve", "12 Rose Street, Bath"),
    ("6 Rose Street, Bath", "yes, but with flat 3", "flat 3, 6 Rose Street, Bath"),
    ("6 Rose Street, Bath", "it's apartment 2", "apartment 2, 6 Rose Street, Bath"),
    ("flat 3, 6 Rose Street, Bath", "no, flat 4", "flat 4, 6 Rose Street, Bath"),
    ("6 Rose Street, Bath", "the city is Bristol", "6 Rose Street, Bristol"),
    ("6 Rose Street Bath", "the town should be Wells", "6 Rose Street Wells"),
    ("6 Rose Street, Bath", "Bristol, not Bath", "6 Rose Street, Bristol"),
    ("6 Rose Street, Bath", "not Bath but Bristol", "6 Rose Street, Bristol"),
    ("6 Rose Street, Bath", "the street is Rose Lane", "6 Rose Lane, Bath"),
    ("6 Rose Street, Bath", "Rose Lane, not Rose Street", "6 Rose Lane, Bath"),
    ("twenty one Long Acre, London", "the house number is 22", "22 Long Acre, London"),
  ]

  @Test(arguments: mended)
  func `are mended part by part`(_ held: String, _ said: String, _ address: String) {
    #expect(AddressMending.of(said, held: held, locale: .americanEnglish) == .address(address))
  }

  @Test(arguments: ["the street is wrong", "no, the house number is wrong", "the postcode is not right", "wrong city"])
  func `are in doubt where a part is wrong and nothing takes its place`(_ said: String) {
    #expect(AddressMending.of(said, held: "6 Rose Street, Bath", locale: .americanEnglish) == .unclear)
  }

  @Test(arguments: [
    "yes", "no", "that's right", "tomorrow at ten", "give me five minutes", "I have two questions", "what is it",
    "no, 14 Elm Street, Leeds", "6 Rose Street, Bath", "where is my order", "the number is wrong", "agent", "8",
    "one of them is wrong", "call me at 8", "the order number is 20581637",
  ])
  func `stand where no part of them is named`(_ said: String) {
    #expect(AddressMending.of(said, held: "5 Oak Street, Bath", locale: .americanEnglish) == nil)
  }
}
